using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Quiver.Adapters.Storage.Sqlite;

/// <summary>
/// Opens connections that only read a file, which another process may write meanwhile. A file that is missing, or that is being made, reads as
/// an empty database; nothing is created for it.
/// </summary>
internal sealed class ReadOnlySqliteConnector(string path, IReadOnlyList<SqliteMigration> migrations) : ISqliteConnector
{
    private const int LibraryTimeout = 1;
    private const int ReadOnly = 8;
    private const int CannotOpen = 14;

    private FileStamp? _frozen;

    public SqliteSession Open() => File.Exists(path) && OpenCurrent() is { } session ? session : OpenEmpty();

    public void RequireUnchanged()
    {
        if (_frozen is { } stamp && stamp != FileStamp.Of(path))
        {
            throw new TransientException(ErrorCodes.StorageUnavailable, $"{path} changed while it was read: try again.");
        }
    }

    public Exception Translate(Exception error) => error is SqliteException sqlite ? SqliteErrors.Translate(sqlite, path) : error;

    /// <returns>Null when the schema is not there yet.</returns>
    private SqliteSession? OpenCurrent()
    {
        var session = OpenFile();
        try
        {
            var version = Convert.ToInt32(session.Scalar("PRAGMA user_version"), CultureInfo.InvariantCulture);
            if (version == migrations.Count)
            {
                return session;
            }

            SqliteSchema.RequireNotNewer(path, version, migrations);
            if (version != 0)
            {
                throw new PermanentException(
                    ErrorCodes.StorageUnavailable,
                    $"{path} was written by an older Quiver (schema {version}, this one reads {migrations.Count}): run a command that writes first, such as 'quiver serve' or 'quiver ingest'.");
            }

            session.Dispose();
            return null;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    private SqliteSession OpenFile()
    {
        try
        {
            return Open(path, SqliteOpenMode.ReadOnly);
        }
        catch (SqliteException e) when (e.SqliteErrorCode is ReadOnly or CannotOpen)
        {
            return OpenFrozen(e);
        }
    }

    /// <summary>
    /// Readers keep a file of locks beside the database. Where none can be made, SQLite must be told that the file does not change; it then
    /// ignores the write-ahead log. Whether the file changed after all is checked after each read.
    /// </summary>
    private SqliteSession OpenFrozen(SqliteException cause)
    {
        var stamp = FileStamp.Of(path);
        if (stamp.LogBytes > 0)
        {
            throw new PermanentException(
                ErrorCodes.StorageUnavailable,
                $"{path} was not closed, and its folder is read-only, so its last changes cannot be read: make the folder writable, or copy the data directory and read the copy.",
                cause);
        }

        var session = Open($"{new Uri(Path.GetFullPath(path)).AbsoluteUri}?immutable=1", SqliteOpenMode.ReadOnly);
        _frozen = stamp;
        return session;
    }

    private SqliteSession OpenEmpty()
    {
        var session = Open(":memory:", SqliteOpenMode.Memory);
        foreach (var migration in migrations)
        {
            using var command = session.Connection.CreateCommand();
            command.CommandText = migration.Script;
            command.ExecuteNonQuery();
        }

        return session;
    }

    private static SqliteSession Open(string source, SqliteOpenMode mode)
    {
        var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder { DataSource = source, Mode = mode, Pooling = false, DefaultTimeout = LibraryTimeout }.ToString());
        var session = new SqliteSession(connection);
        try
        {
            connection.Open();
            session.Execute("PRAGMA busy_timeout = 10000");

            // SQLite opens the file only now, and finds out what it may do with it.
            session.Scalar("SELECT count(*) FROM sqlite_schema");
            return session;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <summary>What changes with a database file.</summary>
    private readonly record struct FileStamp(long Bytes, DateTime Written, long LogBytes)
    {
        public static FileStamp Of(string path)
        {
            var file = new FileInfo(path);
            var log = new FileInfo($"{path}-wal");
            return new(file.Length, file.LastWriteTimeUtc, log.Exists ? log.Length : 0);
        }
    }
}
