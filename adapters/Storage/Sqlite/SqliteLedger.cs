using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;
using Quiver.Adapters.Storage.Files;
using Quiver.Adapters.Storage.Ledger;
using Quiver.Core.Ledger;

namespace Quiver.Adapters.Storage.Sqlite;

/// <summary>The ledger in a SQLite file.</summary>
internal sealed partial class SqliteLedger : ILedger, IAsyncDisposable
{
    private const int DeleteStep = 1000;

    private readonly SqliteDatabase _database;
    private readonly LedgerOptions _options;

    /// <summary>Opens or creates the file; creates its folder when missing.</summary>
    /// <exception cref="PermanentException">The file cannot be opened, or a newer version of Quiver wrote it.</exception>
    public SqliteLedger(string path, IOptions<LedgerOptions> options, DirectoryManifest? manifest = null)
    {
        _options = options.Value;
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        }
        catch (Exception exception) when (FileFaults.IsOne(exception))
        {
            throw FileFaults.Classify(exception, path);
        }

        _database = SqliteDatabase.Open(path, LedgerSchema.Migrations, manifest: manifest);
    }

    private SqliteLedger(SqliteDatabase database) => (_database, _options) = (database, new LedgerOptions());

    /// <summary>Opens the ledger for reading, also while another process writes it. A missing file reads as an empty ledger and is not created.</summary>
    public static SqliteLedger OpenReadOnly(string path, DirectoryManifest? manifest = null) =>
        new(SqliteDatabase.OpenReadOnly(path, LedgerSchema.Migrations, manifest));

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _database.DisposeAsync();

    private static ImmutableArray<T> ReadAll<T>(SqliteDataReader reader, Func<SqliteDataReader, T> read)
    {
        using (reader)
        {
            var rows = ImmutableArray.CreateBuilder<T>();
            while (reader.Read())
            {
                rows.Add(read(reader));
            }

            return rows.DrainToImmutable();
        }
    }

    /// <summary>Repeats a deletion of up to <see cref="DeleteStep"/> rows, each in its own transaction, until none is left.</summary>
    private async Task DeleteInStepsAsync(Func<SqliteSession, int> step, CancellationToken cancellationToken)
    {
        while (await _database.WriteAsync(step, cancellationToken) == DeleteStep)
        {
            cancellationToken.ThrowIfCancellationRequested();
        }
    }
}

/// <summary>The tables of the ledger.</summary>
internal static class LedgerSchema
{
    /// <summary>All migrations, in order.</summary>
    public static IReadOnlyList<SqliteMigration> Migrations { get; } =
    [
        // Origins and scopes are interned, because they are long and repeat in every row. Hashes are 32 bytes, times are UTC ticks.
        new(1, """
            CREATE TABLE jobs (
                tenant TEXT NOT NULL, job TEXT NOT NULL, collection TEXT NOT NULL, state INTEGER NOT NULL, created_at INTEGER NOT NULL, status TEXT NOT NULL,
                PRIMARY KEY (tenant, job));
            CREATE INDEX jobs_by_age ON jobs (tenant, created_at, job);
            CREATE INDEX jobs_by_state ON jobs (tenant, state, created_at, job);
            CREATE INDEX jobs_by_collection ON jobs (tenant, collection, created_at, job);
            CREATE INDEX jobs_unfinished ON jobs (created_at, tenant, job) WHERE state IN (1, 2);

            CREATE TABLE events (key TEXT NOT NULL, sequence INTEGER NOT NULL, event TEXT NOT NULL, PRIMARY KEY (key, sequence)) WITHOUT ROWID;

            CREATE TABLE failures (
                key TEXT NOT NULL, ordinal INTEGER NOT NULL, document_id TEXT NOT NULL, code TEXT NOT NULL, reason TEXT NOT NULL, at INTEGER NOT NULL,
                PRIMARY KEY (key, ordinal)) WITHOUT ROWID;
            CREATE TABLE failure_counts (key TEXT PRIMARY KEY, count INTEGER NOT NULL) WITHOUT ROWID;

            CREATE TABLE collections (tenant TEXT NOT NULL, name TEXT NOT NULL, info TEXT NOT NULL, PRIMARY KEY (tenant, name)) WITHOUT ROWID;

            CREATE TABLE scopes (scope INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE);
            CREATE TABLE origins (origin INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
            CREATE TABLE documents (
                scope INTEGER NOT NULL, id TEXT NOT NULL, origin INTEGER NOT NULL, hash BLOB, chunks INTEGER NOT NULL,
                generation INTEGER NOT NULL, epoch INTEGER NOT NULL, indexed_at INTEGER NOT NULL,
                PRIMARY KEY (scope, id)) WITHOUT ROWID;
            CREATE INDEX documents_by_origin ON documents (scope, origin, generation);
            """),
        SqliteMigration.PageSums(2),
    ];
}
