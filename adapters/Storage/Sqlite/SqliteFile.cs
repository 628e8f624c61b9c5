using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Quiver.Adapters.Storage.Sqlite;

/// <summary>The size of a database on the disk.</summary>
/// <param name="Bytes">Its file and its write-ahead log.</param>
/// <param name="FreeBytes">Of them, what <see cref="SqliteFile.Compact"/> releases at least.</param>
internal readonly record struct SqliteFileSize(long Bytes, long FreeBytes);

/// <summary>Measures and shrinks the files of databases.</summary>
internal static class SqliteFile
{
    /// <summary>Measures a database, also while a process writes it. A missing one has no size; of one that cannot be read, the free space is unknown.</summary>
    public static SqliteFileSize Measure(string path)
    {
        var bytes = Length(path) + Length($"{path}-wal");
        if (bytes == 0)
        {
            return default;
        }

        try
        {
            using var connection = OpenReadOnly(path);
            return new(bytes, Number(connection, "PRAGMA freelist_count") * Number(connection, "PRAGMA page_size"));
        }
        catch (SqliteException)
        {
            // Other checks report what is wrong with the file.
            return new(bytes, 0);
        }
    }

    /// <summary>
    /// Rewrites a database without free space and truncates its log. Other connections may read meanwhile. Needs as much free space as the file has
    /// content; without it nothing changes.
    /// </summary>
    /// <param name="path">The file, which exists and which no other connection writes.</param>
    /// <param name="migrations">All migrations of the schema, in order.</param>
    /// <param name="prepare">Reduces the content first.</param>
    /// <exception cref="QuiverException">The database cannot be used, or the disk is full.</exception>
    public static void Compact(string path, IReadOnlyList<SqliteMigration> migrations, Action<SqliteSession>? prepare = null)
    {
        var connector = new SqliteConnector(path);
        try
        {
            using var session = connector.OpenWriter(migrations);
            prepare?.Invoke(session);
            session.Execute("VACUUM");
            session.Execute("PRAGMA wal_checkpoint(TRUNCATE)");
        }
        catch (Exception exception) when (exception is not QuiverException)
        {
            throw connector.Translate(exception);
        }
    }

    /// <summary>Runs work in a transaction of its own.</summary>
    public static T Transact<T>(this SqliteSession session, Func<T> work)
    {
        session.Execute("BEGIN IMMEDIATE");
        try
        {
            var result = work();
            session.Execute("COMMIT");
            return result;
        }
        catch
        {
            session.TryRollBack();
            throw;
        }
    }

    /// <summary>Opens a database for a few numbers; the caller disposes the connection.</summary>
    public static SqliteConnection OpenReadOnly(string path)
    {
        var source = new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadOnly, Pooling = false, DefaultTimeout = 1, Vfs = PageSums.FileSystem };
        PageSums.Use();
        var connection = new SqliteConnection(source.ConnectionString);
        try
        {
            connection.Open();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>The number that a query returns; 0 for null.</summary>
    public static long Number(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar() is { } value and not DBNull ? Convert.ToInt64(value, CultureInfo.InvariantCulture) : 0;
    }

    private static long Length(string path) => new FileInfo(path) is { Exists: true } file ? file.Length : 0;
}
