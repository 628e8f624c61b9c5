using System.Globalization;
using Microsoft.Data.Sqlite;
using Quiver.Adapters.Storage.Files;

namespace Quiver.Adapters.Storage.Sqlite;

/// <summary>A migration of a database's schema, numbered from 1 without gaps.</summary>
/// <param name="Version">The schema version after it, stored in <c>PRAGMA user_version</c>.</param>
/// <param name="Script">The statements, run in one transaction.</param>
internal sealed record SqliteMigration(int Version, string Script)
{
    private const string Nothing = "SELECT 1";

    /// <summary>True when a file of the version before has the same tables.</summary>
    public bool KeepsTables => Script == Nothing;

    /// <summary>Changes nothing but the version: an earlier program, which writes pages without checksums, then refuses the file.</summary>
    public static SqliteMigration PageSums(int version) => new(version, Nothing);
}

/// <summary>Opens the connections of reading threads.</summary>
internal interface ISqliteConnector
{
    SqliteSession Open();

    /// <summary>Runs after each work; throws when the database may have changed during the work.</summary>
    void RequireUnchanged();

    /// <summary>Classifies errors of SQLite; returns other exceptions unchanged.</summary>
    Exception Translate(Exception exception);
}

/// <summary>Opens connections to one file for reading and writing, all with the same settings.</summary>
/// <param name="path">The file.</param>
/// <param name="survivesPowerFailure">Whether commits wait for the disk.</param>
/// <param name="manifest">The directory that the file belongs to; null for a file of its own.</param>
internal sealed class SqliteConnector(string path, bool survivesPowerFailure = true, DirectoryManifest? manifest = null) : ISqliteConnector
{
    /// <summary>Opens the file or creates it, migrates its schema, and lists it in the manifest.</summary>
    public SqliteSession OpenWriter(IReadOnlyList<SqliteMigration> migrations)
    {
        manifest?.RequirePresent(path);
        return Open(
            SqliteOpenMode.ReadWriteCreate,
            session =>
            {
                var found = StoredIdentity.Find(session);
                manifest?.RequireCurrent(path, found);
                Migrate(session, migrations);
                Register(session, found);
            });
    }

    /// <summary>Opens an existing file.</summary>
    public SqliteSession Open() => Open(SqliteOpenMode.ReadWrite, _ => { });

    /// <summary>Does nothing: locks keep each read in one snapshot.</summary>
    public void RequireUnchanged()
    {
    }

    public Exception Translate(Exception exception) => SqliteErrors.Translate(exception, path, manifest);

    private SqliteSession Open(SqliteOpenMode mode, Action<SqliteSession> prepare) =>
        SqliteConnections.Open(
            path,
            mode,
            session =>
            {
                if (mode == SqliteOpenMode.ReadWriteCreate && session.Scalar("PRAGMA page_count") is 0L)
                {
                    PageSums.Request(session);
                }

                session.Execute("PRAGMA journal_mode = WAL");

                // FULL: a completed commit survives a power failure, not only the end of the process.
                session.Execute(survivesPowerFailure ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL");
                session.Execute("PRAGMA foreign_keys = ON");

                // Truncates the log after a burst; otherwise it keeps its largest size.
                session.Execute("PRAGMA journal_size_limit = 67108864");
                prepare(session);
            });

    private void Register(SqliteSession session, FileIdentity? found)
    {
        if (manifest is null)
        {
            return;
        }

        try
        {
            var identity = manifest.Next(found);
            StoredIdentity.Write(session, identity);
            manifest.Record(path, identity);
        }
        catch (Exception exception) when (Translate(exception) is QuiverException { Code: ErrorCodes.StorageFull })
        {
            // A full disk must not keep Quiver from reading: the file keeps its entry, or is newer than it.
        }
    }

    private void Migrate(SqliteSession session, IReadOnlyList<SqliteMigration> migrations)
    {
        var version = SqliteConnections.VersionOf(session);
        SqliteConnections.RequireNotNewer(path, version, migrations);
        if (version == migrations.Count)
        {
            return;
        }

        // Another process may be migrating too: the version is read again under the write lock.
        session.Execute("BEGIN IMMEDIATE");
        try
        {
            foreach (var migration in migrations.Skip(SqliteConnections.VersionOf(session)))
            {
                using var command = session.Connection.CreateCommand();
                command.CommandText = $"{migration.Script}; PRAGMA user_version = {migration.Version};";
                command.ExecuteNonQuery();
            }

            session.Execute("COMMIT");
        }
        catch
        {
            session.TryRollBack();
            throw;
        }
    }
}

/// <summary>
/// Opens read-only connections to a file that another process may be writing. A file that is missing or being created reads as an empty
/// database and is not created.
/// </summary>
/// <param name="path">The file.</param>
/// <param name="migrations">All migrations of the schema, in order.</param>
/// <param name="manifest">The directory that the file belongs to; null for a file of its own.</param>
internal sealed class ReadOnlySqliteConnector(string path, IReadOnlyList<SqliteMigration> migrations, DirectoryManifest? manifest = null) : ISqliteConnector
{
    private const int ReadOnly = 8;
    private const int CannotOpen = 14;

    private FileStamp? _frozen;

    public SqliteSession Open()
    {
        manifest?.RequirePresent(path);
        if (File.Exists(path) && OpenCurrent() is { } session)
        {
            return session;
        }

        manifest?.RequireCurrent(path, found: null);
        return OpenEmpty();
    }

    public void RequireUnchanged()
    {
        if (_frozen is { } stamp && stamp != FileStamp.Of(path))
        {
            throw new TransientException(ErrorCodes.StorageUnavailable, $"{path} changed during the read: try again.");
        }
    }

    public Exception Translate(Exception exception) => SqliteErrors.Translate(exception, path, manifest);

    /// <returns>Null when the schema was not created yet.</returns>
    private SqliteSession? OpenCurrent()
    {
        var session = OpenFile();
        try
        {
            var version = SqliteConnections.VersionOf(session);
            if (version == migrations.Count || (version is > 0 && version < migrations.Count && migrations.Skip(version).All(static later => later.KeepsTables)))
            {
                manifest?.RequireCurrent(path, StoredIdentity.Find(session));
                return session;
            }

            SqliteConnections.RequireNotNewer(path, version, migrations);
            if (version != 0)
            {
                throw new PermanentException(
                    ErrorCodes.StorageUnavailable,
                    $"{path} was written by an older version of Quiver (schema {version}, this version reads {migrations.Count}): "
                    + "run a command that writes first, such as 'quiver serve' or 'quiver ingest'.");
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
            return Open(path);
        }
        catch (SqliteException exception) when (exception.SqliteErrorCode is ReadOnly or CannotOpen)
        {
            return OpenFrozen(exception);
        }
    }

    /// <summary>
    /// Opens the file as immutable. SQLite needs a lock file next to the database; where it cannot create one, it can only open the file as
    /// immutable, and ignores the write-ahead log. Each read then checks that the file did not change.
    /// </summary>
    private SqliteSession OpenFrozen(SqliteException cause)
    {
        var stamp = FileStamp.Of(path);
        if (stamp.LogBytes > 0)
        {
            throw new PermanentException(
                ErrorCodes.StorageUnavailable,
                $"{path} was not closed, and its folder is read-only, so its last changes cannot be read: "
                + "make the folder writable, or copy the data directory and read the copy.",
                cause);
        }

        var session = Open($"{new Uri(Path.GetFullPath(path)).AbsoluteUri}?immutable=1");
        _frozen = stamp;
        return session;
    }

    private SqliteSession OpenEmpty()
    {
        var session = SqliteConnections.Open(":memory:", SqliteOpenMode.Memory, static _ => { });
        foreach (var migration in migrations)
        {
            using var command = session.Connection.CreateCommand();
            command.CommandText = migration.Script;
            command.ExecuteNonQuery();
        }

        return session;
    }

    private static SqliteSession Open(string source) =>
        // SQLite opens the file with the first query, and checks its permissions then.
        SqliteConnections.Open(source, SqliteOpenMode.ReadOnly, static session => session.Scalar("SELECT count(*) FROM sqlite_schema"));

    /// <summary>Properties that change with the content of a database file.</summary>
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

/// <summary>What all connections have in common.</summary>
internal static class SqliteConnections
{
    /// <summary>The library's retry time in seconds; SQLite's own busy timeout is longer and comes first.</summary>
    private const int LibraryTimeout = 1;

    public static SqliteSession Open(string source, SqliteOpenMode mode, Action<SqliteSession> prepare)
    {
        PageSums.Use();
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = source,
            Mode = mode,
            Pooling = false,
            DefaultTimeout = LibraryTimeout,
            Vfs = PageSums.FileSystem,
        }.ToString());
        var session = new SqliteSession(connection);
        try
        {
            connection.Open();
            session.Execute("PRAGMA busy_timeout = 10000");
            prepare(session);
            return session;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    public static int VersionOf(SqliteSession session) => Convert.ToInt32(session.Scalar("PRAGMA user_version"), CultureInfo.InvariantCulture);

    /// <summary>Rejects a file of a newer version of Quiver.</summary>
    /// <exception cref="PermanentException">With <see cref="ErrorCodes.StorageUnavailable"/>.</exception>
    public static void RequireNotNewer(string path, int version, IReadOnlyList<SqliteMigration> migrations)
    {
        if (version > migrations.Count)
        {
            throw new PermanentException(
                ErrorCodes.StorageUnavailable,
                $"{path} was written by a newer version of Quiver (schema {version}, this version knows {migrations.Count}): "
                + "use that version, or another data directory.");
        }
    }
}

/// <summary>Classifies the errors of SQLite.</summary>
internal static class SqliteErrors
{
    private const int Busy = 5;
    private const int Locked = 6;
    private const int Interrupted = 9;
    private const int IoError = 10;
    private const int Corrupt = 11;
    private const int Full = 13;
    private const int CannotOpen = 14;
    private const int NotADatabase = 26;

    /// <summary>Whether an error says that the content of a file is wrong.</summary>
    public static bool IsDamage(Exception exception) => exception is SqliteException { SqliteErrorCode: Corrupt or NotADatabase };

    public static Exception Translate(Exception exception, string path, DirectoryManifest? manifest = null) => exception switch
    {
        SqliteException when IsDamage(exception) => Note(DirectoryManifest.Error(path, "is damaged: its content is not what was written", exception), manifest),
        PermanentException { Code: ErrorCodes.StorageDamaged } damage => Note(damage, manifest),
        SqliteException { SqliteErrorCode: Busy or Locked or Interrupted } =>
            new TransientException(ErrorCodes.StorageUnavailable, $"The database {path} is busy: {exception.Message}", exception),
        SqliteException { SqliteErrorCode: Full } => FileFaults.Full(path, exception),

        // A full disk that SQLite finds out when it extends the file's shared memory or flushes.
        SqliteException { SqliteErrorCode: IoError or CannotOpen } when FileFaults.IsDiskFull(path) => FileFaults.Full(path, exception),
        SqliteException { SqliteErrorCode: CannotOpen } when FileFaults.IsOutOfHandles() => FileFaults.TooManyFiles(path, exception),
        SqliteException { SqliteErrorCode: IoError } => new PermanentException(
            ErrorCodes.StorageUnavailable,
            $"The database {path} cannot be used: {exception.Message} Check the disk, the file's permissions and the limit on the size of files (ulimit -f).",
            exception),
        SqliteException => new PermanentException(
            ErrorCodes.StorageUnavailable,
            $"The database {path} cannot be used: {exception.Message} Check the disk's free space and the file's permissions.",
            exception),
        _ => exception,
    };

    private static PermanentException Note(PermanentException damage, DirectoryManifest? manifest) => manifest?.Note(damage) ?? damage;
}

/// <summary>The identity of a database, in a table of its own that earlier versions do not have.</summary>
internal static class StoredIdentity
{
    /// <summary>Reads it; null for a database without one.</summary>
    public static FileIdentity? Find(SqliteSession session)
    {
        if (session.Scalar("SELECT 1 FROM sqlite_schema WHERE name = 'directory_identity'") is null)
        {
            return null;
        }

        using var row = session.Query("SELECT directory, epoch FROM directory_identity");
        return row.Read() ? new(row.GetString(0), row.GetInt64(1)) : null;
    }

    public static void Write(SqliteSession session, FileIdentity identity) => session.Transact(() =>
    {
        session.Execute(
            "CREATE TABLE IF NOT EXISTS directory_identity (id INTEGER PRIMARY KEY CHECK (id = 1), directory TEXT NOT NULL, epoch INTEGER NOT NULL)");
        return session.Execute(
            "INSERT OR REPLACE INTO directory_identity (id, directory, epoch) VALUES (1, $directory, $epoch)",
            ("$directory", identity.Directory),
            ("$epoch", identity.Epoch));
    });
}
