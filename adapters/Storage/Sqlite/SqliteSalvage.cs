using Microsoft.Data.Sqlite;

namespace Quiver.Adapters.Storage.Sqlite;

/// <summary>
/// Copies what is intact of a damaged database. Only rows on pages that match their checksums are copied, so a copied row is what was written.
/// </summary>
internal static class SqliteSalvage
{
    private static readonly string[] Endings = ["", "-wal", "-shm"];

    /// <summary>Renames a database with its log, so that it is kept and no longer used.</summary>
    /// <returns>The new path; null when there was no file.</returns>
    /// <exception cref="IOException">A file cannot be renamed.</exception>
    public static string? SetAside(string path)
    {
        if (!Endings.Any(ending => File.Exists(path + ending)))
        {
            return null;
        }

        var aside = $"{path}.damaged";
        for (var number = 2; Endings.Any(ending => File.Exists(aside + ending)); number++)
        {
            aside = $"{path}.damaged-{number}";
        }

        foreach (var ending in Endings.Where(ending => File.Exists(path + ending)))
        {
            File.Move(path + ending, aside + ending);
        }

        return aside;
    }

    /// <summary>Copies the readable rows of all tables; rows that the new database has already stay as they are.</summary>
    /// <param name="from">The damaged database.</param>
    /// <param name="to">The new database, with the same schema.</param>
    /// <param name="cancellationToken">Stops between rows; nothing is copied then.</param>
    /// <returns>The number of rows; 0 when the file is not readable at all or has no checksums.</returns>
    public static long Copy(string from, SqliteSession to, CancellationToken cancellationToken)
    {
        try
        {
            using var source = SqliteConnections.Open(from, SqliteOpenMode.ReadWrite, static _ => { });
            if (!PageSums.AreIn(source) || SqliteConnections.VersionOf(source) != SqliteConnections.VersionOf(to))
            {
                return 0;
            }

            return to.Transact(() => Tables(to).Sum(table => Copy(source, to, table, cancellationToken)));
        }
        catch (SqliteException exception) when (SqliteErrors.IsDamage(exception))
        {
            // The page with the list of tables is damaged: nothing of the file can be read.
            return 0;
        }
    }

    private static List<string> Tables(SqliteSession session)
    {
        List<string> tables = [];
        using var row = session.Query("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> 'directory_identity'");
        while (row.Read())
        {
            tables.Add(row.GetString(0));
        }

        return tables;
    }

    /// <summary>Copies a table from its beginning to the first damaged page, then from its end.</summary>
    private static long Copy(SqliteSession from, SqliteSession to, string table, CancellationToken cancellationToken)
    {
        List<string> columns = [];
        List<(long Position, string Name)> key = [];
        using (var row = to.Query($"SELECT name, pk FROM pragma_table_info('{table}') ORDER BY cid"))
        {
            while (row.Read())
            {
                columns.Add(row.GetString(0));
                if (row.GetInt64(1) > 0)
                {
                    key.Add((row.GetInt64(1), row.GetString(0)));
                }
            }
        }

        var order = key.Order().Select(static column => column.Name).ToList();
        var insert = $"INSERT OR IGNORE INTO {table} ({string.Join(", ", columns)}) VALUES ({string.Join(", ", columns.Select(static (_, number) => $"$p{number}"))})";
        var (copied, isWhole) = Copy("ASC");
        return isWhole ? copied : copied + Copy("DESC").Rows;

        (long Rows, bool IsWhole) Copy(string direction)
        {
            var rows = 0L;
            try
            {
                using var row = from.Query(
                    $"SELECT {string.Join(", ", columns)} FROM {table} ORDER BY {string.Join(", ", order.Select(column => $"{column} {direction}"))}");
                while (row.Read())
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    var values = Enumerable.Range(0, columns.Count).Select(number => ($"$p{number}", row.IsDBNull(number) ? null : row.GetValue(number))).ToArray();
                    rows += to.Execute(insert, values);
                }

                return (rows, true);
            }
            catch (SqliteException exception) when (SqliteErrors.IsDamage(exception))
            {
                return (rows, false);
            }
        }
    }
}
