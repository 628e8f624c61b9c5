using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;
using Microsoft.Win32.SafeHandles;
using Quiver.Adapters.Storage.Files;
using Quiver.Adapters.Storage.Sqlite;

namespace Quiver.Adapters.Vectors.Embedded;

/// <summary>Measures and shrinks the files of the embedded index.</summary>
internal static class FlatFiles
{
    /// <summary>The name of a collection's database.</summary>
    public const string DatabaseName = "index.db";

    /// <summary>Rows that one transaction moves.</summary>
    private const int StepRows = 1024;

    /// <summary>The folders of the collections.</summary>
    public static IReadOnlyList<string> Collections(string directory) => Directory.Exists(directory)
        ? [.. Directory.EnumerateDirectories(directory).Where(static folder => File.Exists(DatabaseIn(folder))).Order(StringComparer.Ordinal)]
        : [];

    /// <summary>The database of a collection.</summary>
    public static string DatabaseIn(string folder) => Path.Combine(folder, DatabaseName);

    /// <summary>
    /// Measures a collection, also while a process writes it. Of the file of vectors only the rows up to the last point count: the rest was never
    /// written and takes no space.
    /// </summary>
    public static SqliteFileSize Measure(string folder)
    {
        var path = DatabaseIn(folder);
        var database = SqliteFile.Measure(path);
        try
        {
            using var connection = SqliteFile.OpenReadOnly(path);
            var layout = new FlatLayout((int)SqliteFile.Number(connection, "SELECT dimensions FROM meta"), FlatLayout.BlockRows);
            var end = SqliteFile.Number(connection, "SELECT max(slot) + 1 FROM points");
            var points = SqliteFile.Number(connection, "SELECT count(*) FROM points");
            return new(database.Bytes + (end * layout.RowBytes), database.FreeBytes + ((end - points) * layout.RowBytes));
        }
        catch (SqliteException)
        {
            // Other checks report what is wrong with the file.
            return database;
        }
    }

    /// <summary>
    /// Moves the points at the end of the file of vectors into empty slots, releases what is behind the last point, and compacts the database. While
    /// another process reads the collection, only the database is compacted. An interruption loses nothing.
    /// </summary>
    /// <param name="folder">The folder of a collection that no other process writes.</param>
    /// <exception cref="QuiverException">A file cannot be used, or the disk is full.</exception>
    public static void Compact(string folder) => SqliteFile.Compact(
        DatabaseIn(folder),
        FlatSchema.Migrations,
        session =>
        {
            if (FlatSchema.ReadMeta(session) is var (layout, _))
            {
                session.Transact(() =>
                {
                    LexicalTables.Prepare(session);
                    return true;
                });
                while (session.Transact(() => LexicalTables.FillSome(session, StepRows)) > 0)
                {
                    // A step at a time, so that an interruption loses little.
                }

                CompactVectors(session, layout, folder);
                LexicalTables.Optimize(session);
            }
        });

    /// <summary>Deletes a collection that holds nothing that can be read, but keeps files that were set aside.</summary>
    /// <exception cref="QuiverException">A file cannot be deleted.</exception>
    public static void DeleteEmpty(string folder)
    {
        try
        {
            foreach (var file in (string[])[DatabaseIn(folder), $"{DatabaseIn(folder)}-wal", $"{DatabaseIn(folder)}-shm"])
            {
                File.Delete(file);
            }

            if (File.Exists(SlotFile.PathIn(folder)))
            {
                File.Move(SlotFile.PathIn(folder), $"{SlotFile.PathIn(folder)}.damaged", overwrite: true);
            }
        }
        catch (Exception exception) when (FileFaults.IsOne(exception))
        {
            throw FileFaults.Classify(exception, folder);
        }
    }

    /// <summary>Finds the vectors that do not match their checksums.</summary>
    /// <param name="session">The database of the collection.</param>
    /// <param name="row">Reads a slot.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <returns>The number of vectors with a checksum, and the slots of those that differ.</returns>
    public static (long Vectors, List<int> Damaged) FindDamaged(SqliteSession session, Func<int, ReadOnlySpan<float>> row, CancellationToken cancellationToken)
    {
        const int RowsPerCheck = 1024;
        var vectors = 0L;
        List<int> damaged = [];
        using var point = session.Rows("SELECT slot, sum FROM points INDEXED BY points_by_slot WHERE sum IS NOT NULL");
        while (point.Read())
        {
            if (++vectors % RowsPerCheck == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }

            var slot = (int)point.Integer(0);
            if (VectorSum.Of(row(slot)) != point.Integer(1))
            {
                damaged.Add(slot);
            }
        }

        return (vectors, damaged);
    }

    /// <summary>Finds the vectors that do not match their checksums, without mapping the file.</summary>
    /// <exception cref="QuiverException">The file cannot be read.</exception>
    public static (long Vectors, List<int> Damaged) FindDamaged(SqliteSession session, FlatLayout layout, string folder, CancellationToken cancellationToken)
    {
        var path = SlotFile.PathIn(folder);
        var row = new float[layout.RowFloats];
        try
        {
            using var file = File.Exists(path) ? File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete) : null;
            return FindDamaged(session, slot => file is not null && TryRead(file, layout, slot, row) ? row : default, cancellationToken);
        }
        catch (Exception exception) when (FileFaults.IsOne(exception))
        {
            throw FileFaults.Classify(exception, path);
        }
    }

    private static void CompactVectors(SqliteSession session, FlatLayout layout, string folder)
    {
        var path = SlotFile.PathIn(folder);
        try
        {
            if (!File.Exists(path))
            {
                return;
            }

            var readers = new ReaderLock(folder);
            using var file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
            foreach (var moves in FindMoves(session).Chunk(StepRows))
            {
                // A read that starts after the check sees the new slots.
                if (!readers.IsFree())
                {
                    return;
                }

                Move(session, layout, file, path, moves);
            }

            if (readers.IsFree())
            {
                Truncate(file, layout, FlatSchema.ReadEnd(session));
            }
        }
        catch (Exception exception) when (FileFaults.IsOne(exception))
        {
            throw FileFaults.Classify(exception, path);
        }
    }

    /// <summary>Pairs the slots behind the number of points with the empty slots before it.</summary>
    private static List<(int From, int To)> FindMoves(SqliteSession session)
    {
        var count = Convert.ToInt32(session.Scalar("SELECT count(*) FROM points"), CultureInfo.InvariantCulture);
        List<int> empty = [];
        var next = 0;
        foreach (var slot in Slots(session, "SELECT slot FROM points WHERE slot < $count ORDER BY slot", count))
        {
            for (; next < slot; next++)
            {
                empty.Add(next);
            }

            next = slot + 1;
        }

        for (; next < count; next++)
        {
            empty.Add(next);
        }

        return [.. Slots(session, "SELECT slot FROM points WHERE slot >= $count ORDER BY slot DESC", count).Zip(empty)];
    }

    private static List<int> Slots(SqliteSession session, string sql, int count)
    {
        List<int> slots = [];
        using var row = session.Rows(sql, ("$count", count));
        while (row.Read())
        {
            slots.Add((int)row.Integer(0));
        }

        return slots;
    }

    /// <summary>Copies vectors to slots that no point uses, flushes them, and then lets the points refer to them, as an upsert does.</summary>
    private static void Move(SqliteSession session, FlatLayout layout, SafeFileHandle file, string path, (int From, int To)[] moves)
    {
        var row = new float[layout.RowFloats];
        foreach (var (from, to) in moves)
        {
            var sum = session.Scalar("SELECT sum FROM points WHERE slot = $slot", ("$slot", from)) as long?;
            if (!TryRead(file, layout, from, row) || (sum is { } expected && expected != VectorSum.Of(row)))
            {
                throw DirectoryManifest.Error(path, $"is damaged: the vector in slot {from} is not what was written");
            }

            RandomAccess.Write(file, MemoryMarshal.AsBytes<float>(row), (long)to * layout.RowBytes);
        }

        RandomAccess.FlushToDisk(file);
        session.Transact(() =>
        {
            foreach (var (from, to) in moves)
            {
                LexicalTables.Move(session, from, to);
                session.Execute("UPDATE points SET slot = $to WHERE slot = $from", ("$to", to), ("$from", from));
            }

            return session.Execute("UPDATE meta SET version = version + 1");
        });
    }

    /// <summary>Reads a row; false when the file ends before.</summary>
    private static bool TryRead(SafeFileHandle file, FlatLayout layout, int slot, float[] row)
    {
        var bytes = MemoryMarshal.AsBytes(row.AsSpan());
        for (var read = 0; read < bytes.Length;)
        {
            var count = RandomAccess.Read(file, bytes[read..], ((long)slot * layout.RowBytes) + read);
            if (count == 0)
            {
                return false;
            }

            read += count;
        }

        return true;
    }

    /// <summary>Releases the space behind the last point. The file keeps whole segments, which readers map.</summary>
    private static void Truncate(SafeFileHandle file, FlatLayout layout, int end)
    {
        var segments = (end + layout.RowsPerSegment - 1) / layout.RowsPerSegment;
        if (RandomAccess.GetLength(file) > (long)end * layout.RowBytes)
        {
            RandomAccess.SetLength(file, (long)end * layout.RowBytes);
            RandomAccess.SetLength(file, segments * layout.SegmentBytes);
        }
    }
}
