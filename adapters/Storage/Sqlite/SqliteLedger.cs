using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;
using Quiver.Adapters.Storage.Ledger;
using Quiver.Core.Ledger;

namespace Quiver.Adapters.Storage.Sqlite;

/// <summary>The ledger in a SQLite file.</summary>
internal sealed partial class SqliteLedger : ILedger, IAsyncDisposable
{
    private readonly SqliteDatabase _database;
    private readonly LedgerOptions _options;

    /// <summary>Opens or creates the ledger.</summary>
    /// <param name="path">The file; its folder is created when missing.</param>
    /// <param name="options">What it keeps.</param>
    /// <exception cref="PermanentException">The file cannot be opened, or is of a newer Quiver.</exception>
    public SqliteLedger(string path, IOptions<LedgerOptions> options)
    {
        _options = options.Value;
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        _database = SqliteDatabase.Open(path, LedgerSchema.Migrations);
    }

    private SqliteLedger(SqliteDatabase database) => (_database, _options) = (database, new LedgerOptions());

    /// <summary>Opens the ledger to read it, also while another process writes it. A missing file reads as an empty ledger and is not created.</summary>
    /// <param name="path">The file.</param>
    public static SqliteLedger OpenReadOnly(string path) => new(SqliteDatabase.OpenReadOnly(path, LedgerSchema.Migrations));

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _database.DisposeAsync();

    private static long Ticks(DateTimeOffset time) => time.UtcTicks;

    private static DateTimeOffset Time(long ticks) => new(ticks, TimeSpan.Zero);

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
}
