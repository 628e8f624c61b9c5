using System.Globalization;
using Quiver.Adapters.Storage.Sqlite;

namespace Quiver.Adapters.Vectors.Embedded;

/// <summary>The database of a collection: its tables, its layout, and the scope of each slot.</summary>
internal static class FlatSchema
{
    /// <summary>All migrations, in order.</summary>
    public static IReadOnlyList<SqliteMigration> Migrations { get; } =
    [
        // The slot is the row's key, so both indexes return slots without reading rows. The text is the last column: reading the other
        // columns does not follow a long row into its overflow pages.
        new(1, """
            CREATE TABLE meta (
                id INTEGER PRIMARY KEY CHECK (id = 1), dimensions INTEGER NOT NULL, rows_per_segment INTEGER NOT NULL, version INTEGER NOT NULL);
            CREATE TABLE scopes (scope INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE);
            CREATE TABLE points (
                slot INTEGER PRIMARY KEY, scope INTEGER NOT NULL, id BLOB NOT NULL, generation INTEGER NOT NULL, epoch INTEGER NOT NULL,
                document_id TEXT NOT NULL, chunk INTEGER NOT NULL, start_char INTEGER NOT NULL, end_char INTEGER NOT NULL,
                start_line INTEGER NOT NULL, end_line INTEGER NOT NULL, indexed_at INTEGER NOT NULL, metadata BLOB, text TEXT NOT NULL);
            CREATE UNIQUE INDEX points_by_id ON points (scope, id);
            CREATE INDEX points_by_document ON points (scope, document_id);
            """),

        // The checksum of the point's vector; null for points of an earlier version. The index has all checksums in the order of the file of vectors.
        new(2, """
            ALTER TABLE points ADD COLUMN sum INTEGER;
            CREATE INDEX points_by_slot ON points (slot, sum);
            """),

        // The version of the terms that the full-text index has, 0 for none, and which scopes have one. The tables of an index are created with the
        // scope's first point.
        new(3, """
            ALTER TABLE meta ADD COLUMN lexical INTEGER NOT NULL DEFAULT 0;
            ALTER TABLE scopes ADD COLUMN lexical INTEGER NOT NULL DEFAULT 0;
            CREATE TABLE unindexed (slot INTEGER PRIMARY KEY);
            """),

        // A title was a metadata field like any other.
        new(4, """
            ALTER TABLE points ADD COLUMN title TEXT;
            ALTER TABLE points ADD COLUMN headings TEXT;
            UPDATE points SET title = json_extract(CAST(metadata AS TEXT), '$.title'), metadata = CAST(json_remove(CAST(metadata AS TEXT), '$.title') AS BLOB)
            WHERE metadata IS NOT NULL AND json_type(CAST(metadata AS TEXT), '$.title') IS NOT NULL
            """),
    ];

    public static void CreateWhenMissing(SqliteSession session, FlatLayout layout) =>
        session.Execute(
            "INSERT OR IGNORE INTO meta (id, dimensions, rows_per_segment, version) VALUES (1, @dimensions, @rows, 0)",
            ("@dimensions", layout.Dimensions),
            ("@rows", layout.RowsPerSegment));

    /// <summary>The layout of the vectors and the version of the last commit; null when the collection was never created.</summary>
    public static (FlatLayout Layout, long Version)? ReadMeta(SqliteSession session)
    {
        using var row = session.Query("SELECT dimensions, rows_per_segment, version FROM meta");
        return row.Read() ? (new FlatLayout(row.GetInt32(0), row.GetInt32(1)), row.GetInt64(2)) : null;
    }

    /// <summary>One more than the highest slot with a point.</summary>
    public static int ReadEnd(SqliteSession session) =>
        Convert.ToInt32(session.Scalar("SELECT coalesce(max(slot) + 1, 0) FROM points"), CultureInfo.InvariantCulture);

    /// <summary>The scope of each slot, in blocks; 0 where the slot is empty.</summary>
    public static int[][] ReadBlocks(SqliteSession session, int end)
    {
        var blocks = new int[(end + FlatLayout.BlockRows - 1) / FlatLayout.BlockRows][];
        for (var i = 0; i < blocks.Length; i++)
        {
            blocks[i] = new int[FlatLayout.BlockRows];
        }

        // The index has both columns; the rows, with their texts, are many times larger.
        using var row = session.Query("SELECT slot, scope FROM points INDEXED BY points_by_id");
        while (row.Read())
        {
            var slot = row.GetInt32(0);
            blocks[slot / FlatLayout.BlockRows][slot % FlatLayout.BlockRows] = row.GetInt32(1);
        }

        return blocks;
    }
}
