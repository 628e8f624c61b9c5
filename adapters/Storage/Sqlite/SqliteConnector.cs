using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Quiver.Adapters.Storage.Sqlite;

/// <summary>Opens connections to one file, all with the same settings.</summary>
internal sealed class SqliteConnector(string path, bool survivesPowerFailure = true) : ISqliteConnector
{
    /// <summary>Seconds that the library goes on trying after SQLite's own wait; SQLite's is the longer one.</summary>
    private const int LibraryTimeout = 1;

    public string Path { get; } = path;

    /// <summary>Opens the file, creating it when missing, and brings its schema up to date.</summary>
    public SqliteSession OpenWriter(IReadOnlyList<SqliteMigration> migrations) => Open(SqliteOpenMode.ReadWriteCreate, session => Migrate(session, migrations));

    /// <summary>Opens a file that is there.</summary>
    public SqliteSession Open() => Open(SqliteOpenMode.ReadWrite, _ => { });

    /// <summary>Locks keep each read in one state.</summary>
    public void RequireUnchanged()
    {
    }

    /// <summary>A SQLite error as one of ours; any other as it is.</summary>
    public Exception Translate(Exception error) => error is SqliteException sqlite ? SqliteErrors.Translate(sqlite, Path) : error;

    private SqliteSession Open(SqliteOpenMode mode, Action<SqliteSession> prepare)
    {
        var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder { DataSource = Path, Mode = mode, Pooling = false, DefaultTimeout = LibraryTimeout }.ToString());
        var session = new SqliteSession(connection);
        try
        {
            connection.Open();
            session.Execute("PRAGMA busy_timeout = 10000");
            session.Execute("PRAGMA journal_mode = WAL");
            // FULL: a commit that was reported survives a power failure, not only a killed process.
            session.Execute(survivesPowerFailure ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL");
            session.Execute("PRAGMA foreign_keys = ON");
            // After a burst the log shrinks again instead of keeping its largest size for ever.
            session.Execute("PRAGMA journal_size_limit = 67108864");
            prepare(session);
            return session;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    private void Migrate(SqliteSession session, IReadOnlyList<SqliteMigration> migrations)
    {
        var version = VersionOf(session);
        SqliteSchema.RequireNotNewer(Path, version, migrations);
        if (version == migrations.Count)
        {
            return;
        }

        // Another process may be doing the same: who has the write lock looks again.
        session.Execute("BEGIN IMMEDIATE");
        try
        {
            foreach (var migration in migrations.Skip(VersionOf(session)))
            {
                using var command = session.Connection.CreateCommand();
                command.CommandText = $"{migration.Script}; PRAGMA user_version = {migration.Version};";
                command.ExecuteNonQuery();
            }

            session.Execute("COMMIT");
        }
        catch
        {
            session.Execute("ROLLBACK");
            throw;
        }
    }

    private static int VersionOf(SqliteSession session) => Convert.ToInt32(session.Scalar("PRAGMA user_version"), CultureInfo.InvariantCulture);
}
