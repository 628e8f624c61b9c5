using System.Globalization;
using Quiver.Adapters.Storage.Sqlite;

namespace Quiver.Adapters.Vectors.Embedded;

/// <summary>Builds the state in memory from the database: per slot its scope, and the free slots. Vectors and payloads are not touched.</summary>
internal static class FlatLoader
{
    public static void CreateWhenMissing(SqliteSession session, FlatLayout layout) =>
        session.Execute(
            "INSERT OR IGNORE INTO meta (id, dimensions, rows_per_segment, version) VALUES (1, @dimensions, @rows, 0)",
            ("@dimensions", layout.Dimensions),
            ("@rows", layout.RowsPerSegment));

    /// <summary>The slot map; null when the collection was never made.</summary>
    public static SlotMap? Load(SqliteSession session, string folder, Action<CommitStage>? observer)
    {
        if (ReadMeta(session) is not var (layout, version))
        {
            return null;
        }

        var end = ReadEnd(session);
        var blocks = ReadBlocks(session, end);
        var free = FindFree(blocks, end);
        var shared = new SharedBlocks();
        for (var i = 0; i < blocks.Length; i++)
        {
            blocks[i] = shared.Share(blocks[i]);
        }

        var readers = new ReaderLock(folder);
        readers.Create();
        var file = new SlotFile(Path.Combine(folder, "vectors.bin"), layout, end);
        return new(file, new(version, blocks, file.Segments), shared, new(readers, free, end), observer);
    }

    /// <summary>How vectors lie, and the number of the last commit; null when the collection was never made.</summary>
    public static (FlatLayout Layout, long Version)? ReadMeta(SqliteSession session)
    {
        using var row = session.Query("SELECT dimensions, rows_per_segment, version FROM meta");
        return row.Read() ? (new FlatLayout(row.GetInt32(0), row.GetInt32(1)), row.GetInt64(2)) : null;
    }

    /// <summary>One more than the highest slot with a point.</summary>
    public static int ReadEnd(SqliteSession session) =>
        Convert.ToInt32(session.Scalar("SELECT coalesce(max(slot) + 1, 0) FROM points"), CultureInfo.InvariantCulture);

    /// <summary>The scope of each slot, in blocks.</summary>
    public static int[][] ReadBlocks(SqliteSession session, int end)
    {
        var blocks = new int[(end + FlatLayout.BlockRows - 1) / FlatLayout.BlockRows][];
        for (var i = 0; i < blocks.Length; i++)
        {
            blocks[i] = new int[FlatLayout.BlockRows];
        }

        ReadScopes(session, blocks);
        return blocks;
    }

    private static void ReadScopes(SqliteSession session, int[][] blocks)
    {
        // The index holds all that is asked for; the rows, with their texts, are many times larger.
        using var row = session.Query("SELECT slot, scope FROM points INDEXED BY points_by_id");
        while (row.Read())
        {
            var slot = row.GetInt32(0);
            blocks[slot / FlatLayout.BlockRows][slot % FlatLayout.BlockRows] = row.GetInt32(1);
        }
    }

    private static SlotSet FindFree(int[][] blocks, int end)
    {
        var free = new SlotSet(end);
        for (var slot = 0; slot < end; slot++)
        {
            if (blocks[slot / FlatLayout.BlockRows][slot % FlatLayout.BlockRows] == 0)
            {
                free.Add(slot);
            }
        }

        return free;
    }
}
