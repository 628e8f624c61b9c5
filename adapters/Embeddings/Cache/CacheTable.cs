using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Quiver.Adapters.Storage.Sqlite;

namespace Quiver.Adapters.Embeddings.Cache;

/// <summary>The SQL statements on the cache's table. Times are whole hours, so reading the same vectors again writes nothing.</summary>
internal static class CacheTable
{
    public static readonly IReadOnlyList<SqliteMigration> Migrations =
    [
        new(1, """
            CREATE TABLE vectors (id INTEGER PRIMARY KEY, key BLOB NOT NULL UNIQUE, vector BLOB NOT NULL, used INTEGER NOT NULL);
            CREATE INDEX vectors_by_use ON vectors (used, id);
            """),
    ];

    public static byte[] Key(string modelId, ReadOnlySpan<byte> textHash)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(modelId));
        hash.AppendData([0]);
        hash.AppendData(textHash);
        return hash.GetHashAndReset();
    }

    /// <summary>Reads vectors, and finds the rows last used before <paramref name="hour"/>.</summary>
    public static (float[]?[] Vectors, List<long> Stale) Read(SqliteSession session, IReadOnlyList<byte[]> keys, long hour)
    {
        var vectors = new float[]?[keys.Count];
        var stale = new List<long>();
        for (var i = 0; i < keys.Count; i++)
        {
            using var row = session.Rows("SELECT vector, used, id FROM vectors WHERE key = $key", ("$key", keys[i]));
            if (row.Read())
            {
                vectors[i] = Decode(row.Blob(0));
                if (row.Integer(1) < hour)
                {
                    stale.Add(row.Integer(2));
                }
            }
        }

        return (vectors, stale);
    }

    public static void Touch(SqliteSession session, List<long> rows, long hour)
    {
        foreach (var row in rows)
        {
            session.Execute("UPDATE vectors SET used = $used WHERE id = $id", ("$used", hour), ("$id", row));
        }
    }

    public static void Put(SqliteSession session, byte[] key, ReadOnlySpan<float> vector, long hour) =>
        session.Execute(
            "INSERT INTO vectors (key, vector, used) VALUES ($key, $vector, $used) ON CONFLICT (key) DO UPDATE SET vector = excluded.vector, used = excluded.used",
            ("$key", key), ("$vector", Encode(vector)), ("$used", hour));

    /// <summary>Bytes of the file that are in use.</summary>
    public static long UsedBytes(SqliteSession session) =>
        (Number(session, "PRAGMA page_count") - Number(session, "PRAGMA freelist_count")) * Number(session, "PRAGMA page_size");

    public static void Evict(SqliteSession session, int rows) =>
        session.Execute("DELETE FROM vectors WHERE id IN (SELECT id FROM vectors ORDER BY used, id LIMIT $rows)", ("$rows", rows));

    private static long Number(SqliteSession session, string pragma) => (long)(session.Scalar(pragma) ?? 0L);

    private static byte[] Encode(ReadOnlySpan<float> vector)
    {
        var bytes = new byte[vector.Length * sizeof(float)];
        for (var i = 0; i < vector.Length; i++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), vector[i]);
        }

        return bytes;
    }

    private static float[]? Decode(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length % sizeof(float) != 0)
        {
            return null;
        }

        var vector = new float[bytes.Length / sizeof(float)];
        for (var i = 0; i < vector.Length; i++)
        {
            vector[i] = BinaryPrimitives.ReadSingleLittleEndian(bytes[(i * sizeof(float))..]);
        }

        return vector;
    }
}
