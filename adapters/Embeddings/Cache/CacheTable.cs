using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Quiver.Adapters.Storage.Sqlite;

namespace Quiver.Adapters.Embeddings.Cache;

/// <summary>
/// The SQL statements on the cache's tables. The vectors of one write share rows, the packs: a row of its own takes a page of 4 KiB for a vector of 2 KB.
/// Times are whole hours, so reading the same vectors again writes nothing.
/// </summary>
internal static class CacheTable
{
    /// <summary>The vectors of a pack are at most this long in total, unless it is a single one.</summary>
    public const int PackBytes = 128 << 10;

    private const int KeyBytes = 32;

    /// <summary>Packs that one write evicts at most.</summary>
    private const int MaxEvicted = 1024;

    public static readonly IReadOnlyList<SqliteMigration> Migrations =
    [
        new(1, """
            CREATE TABLE vectors (id INTEGER PRIMARY KEY, key BLOB NOT NULL UNIQUE, vector BLOB NOT NULL, used INTEGER NOT NULL);
            CREATE INDEX vectors_by_use ON vectors (used, id);
            """),

        // Only the vectors used last are taken over: the file must not grow by all of them at once.
        // A pack has its keys too, so that it can be evicted without an index of the entries by pack.
        new(2, """
            CREATE TABLE packs (id INTEGER PRIMARY KEY, used INTEGER NOT NULL, keys BLOB NOT NULL, data BLOB NOT NULL);
            CREATE INDEX packs_by_use ON packs (used, id);
            CREATE TABLE entries (key BLOB PRIMARY KEY, pack INTEGER NOT NULL, start INTEGER NOT NULL, bytes INTEGER NOT NULL) WITHOUT ROWID;
            INSERT INTO packs (id, used, keys, data) SELECT id, used, key, vector FROM vectors ORDER BY used DESC, id DESC LIMIT 20000;
            INSERT INTO entries (key, pack, start, bytes) SELECT keys, id, 0, length(data) FROM packs;
            DROP TABLE vectors;
            """),
        SqliteMigration.PageSums(3),
    ];

    public static byte[] Key(string modelId, ReadOnlySpan<byte> textHash)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(modelId));
        hash.AppendData([0]);
        hash.AppendData(textHash);
        return hash.GetHashAndReset();
    }

    /// <summary>Reads vectors, and finds the packs last used before <paramref name="hour"/>.</summary>
    public static (float[]?[] Vectors, HashSet<long> Stale) Read(SqliteSession session, IReadOnlyList<byte[]> keys, long hour)
    {
        List<(int Key, long Pack, int Start, int Bytes)> places = new(keys.Count);
        for (var i = 0; i < keys.Count; i++)
        {
            using var row = session.Rows("SELECT pack, start, bytes FROM entries WHERE key = $key", ("$key", keys[i]));
            if (row.Read())
            {
                places.Add((i, row.Integer(0), (int)row.Integer(1), (int)row.Integer(2)));
            }
        }

        var vectors = new float[]?[keys.Count];
        var stale = new HashSet<long>();

        // Texts that were embedded together are mostly read together: their pack is read once.
        foreach (var pack in places.GroupBy(static place => place.Pack))
        {
            using var row = session.Rows("SELECT used, data FROM packs WHERE id = $id", ("$id", pack.Key));
            if (row.Read())
            {
                var data = row.Blob(1);
                foreach (var (key, _, start, bytes) in pack)
                {
                    vectors[key] = Decode(data.Slice(start, bytes));
                }

                if (row.Integer(0) < hour)
                {
                    stale.Add(pack.Key);
                }
            }
        }

        return (vectors, stale);
    }

    public static void Touch(SqliteSession session, IEnumerable<long> packs, long hour)
    {
        foreach (var pack in packs)
        {
            session.Execute("UPDATE packs SET used = $used WHERE id = $id", ("$used", hour), ("$id", pack));
        }
    }

    /// <summary>Adds vectors, or replaces those with the same keys.</summary>
    public static void Put(SqliteSession session, IReadOnlyList<(byte[] Key, ReadOnlyMemory<float> Vector)> entries, long hour) =>
        PutEncoded(session, entries.Select(static entry => (entry.Key, Encode(entry.Vector.Span))), hour);

    /// <summary>Bytes of the file that are in use.</summary>
    public static long UsedBytes(SqliteSession session) =>
        (Number(session, "PRAGMA page_count") - Number(session, "PRAGMA freelist_count")) * Number(session, "PRAGMA page_size");

    /// <summary>Removes the packs that were not used for the longest time, until the given number of bytes is free.</summary>
    public static void Evict(SqliteSession session, long bytes)
    {
        for (var i = 0; i < MaxEvicted && bytes > 0; i++)
        {
            long pack, size;
            byte[] keys;
            using (var row = session.Rows("SELECT id, length(data), keys FROM packs ORDER BY used, id LIMIT 1"))
            {
                if (!row.Read())
                {
                    return;
                }

                (pack, size, keys) = (row.Integer(0), row.Integer(1), row.Blob(2).ToArray());
            }

            Remove(session, pack, keys);
            bytes -= size;
        }
    }

    /// <summary>Merges small packs of the same hour, such as those of single texts and of caches of an earlier version.</summary>
    /// <param name="session">A writing session.</param>
    /// <param name="after">The pack after which to start; 0 at first.</param>
    /// <returns>The pack after which to continue; null at the end.</returns>
    public static long? MergeSome(SqliteSession session, long after)
    {
        List<(byte[] Key, byte[] Vector)> merged = [];
        List<(long Id, byte[] Keys)> sources = [];
        var (bytes, used, last) = (0L, 0L, after);
        using (var row = session.Rows(
            "SELECT id, used, keys, data FROM packs WHERE id > $after AND length(data) < $limit ORDER BY id", ("$after", after), ("$limit", PackBytes / 2)))
        {
            while (row.Read())
            {
                if (sources.Count > 0 && (row.Integer(1) != used || bytes + row.Blob(3).Length > PackBytes))
                {
                    break;
                }

                (last, used) = (row.Integer(0), row.Integer(1));
                bytes += row.Blob(3).Length;
                sources.Add((last, row.Blob(2).ToArray()));
            }
        }

        if (sources.Count == 0)
        {
            return null;
        }

        if (sources.Count == 1)
        {
            return last;
        }

        foreach (var (id, keys) in sources)
        {
            merged.AddRange(EntriesOf(session, id, keys));
            Remove(session, id, keys);
        }

        PutEncoded(session, merged, used);
        return last;
    }

    /// <summary>Merges all small packs, a few at a time, and shrinks the file of a cache that no other process writes.</summary>
    /// <exception cref="QuiverException">The file cannot be used, or the disk is full.</exception>
    public static void Compact(string path) => SqliteFile.Compact(
        path,
        Migrations,
        static session =>
        {
            for (long? after = 0; after is { } pack;)
            {
                after = session.Transact(() => MergeSome(session, pack));
            }
        });

    private static List<(byte[] Key, byte[] Vector)> EntriesOf(SqliteSession session, long pack, byte[] keys)
    {
        const string Sql = "SELECT substr(packs.data, entries.start + 1, entries.bytes) "
            + "FROM entries JOIN packs ON packs.id = entries.pack WHERE entries.key = $key AND entries.pack = $pack";
        List<(byte[] Key, byte[] Vector)> entries = [];
        foreach (var key in keys.Chunk(KeyBytes))
        {
            using var row = session.Rows(Sql, ("$key", key), ("$pack", pack));
            if (row.Read())
            {
                entries.Add((key, row.Blob(0).ToArray()));
            }
        }

        return entries;
    }

    private static void PutEncoded(SqliteSession session, IEnumerable<(byte[] Key, byte[] Vector)> entries, long hour)
    {
        List<(byte[] Key, byte[] Vector)> pack = [];
        var bytes = 0;
        foreach (var entry in entries)
        {
            if (pack.Count > 0 && bytes + entry.Vector.Length > PackBytes)
            {
                PutPack(session, pack, hour);
                pack.Clear();
                bytes = 0;
            }

            pack.Add(entry);
            bytes += entry.Vector.Length;
        }

        if (pack.Count > 0)
        {
            PutPack(session, pack, hour);
        }
    }

    private static void PutPack(SqliteSession session, List<(byte[] Key, byte[] Vector)> pack, long hour)
    {
        session.Execute(
            "INSERT INTO packs (used, keys, data) VALUES ($used, $keys, $data)",
            ("$used", hour),
            ("$keys", Join(pack.ConvertAll(static entry => entry.Key))),
            ("$data", Join(pack.ConvertAll(static entry => entry.Vector))));
        var id = SQLitePCL.raw.sqlite3_last_insert_rowid(session.Connection.Handle);
        var start = 0L;
        foreach (var (key, vector) in pack)
        {
            session.Execute(
                "INSERT OR REPLACE INTO entries (key, pack, start, bytes) VALUES ($key, $pack, $start, $bytes)",
                ("$key", key), ("$pack", id), ("$start", start), ("$bytes", (long)vector.Length));
            start += vector.Length;
        }
    }

    private static byte[] Join(List<byte[]> parts)
    {
        var whole = new byte[parts.Sum(static part => part.Length)];
        var at = 0;
        foreach (var part in parts)
        {
            part.CopyTo(whole, at);
            at += part.Length;
        }

        return whole;
    }

    private static void Remove(SqliteSession session, long pack, byte[] keys)
    {
        foreach (var key in keys.Chunk(KeyBytes))
        {
            // A vector that was written again belongs to another pack.
            session.Execute("DELETE FROM entries WHERE key = $key AND pack = $pack", ("$key", key), ("$pack", pack));
        }

        session.Execute("DELETE FROM packs WHERE id = $id", ("$id", pack));
    }

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
