using Microsoft.Extensions.Options;
using Npgsql;
using Quiver.Adapters.Storage.Ledger;
using Quiver.Core.Ledger;

namespace Quiver.Adapters.Storage.Postgres;

/// <summary>
/// The ledger in PostgreSQL. Any number of processes may write concurrently: each method is one transaction that decides in SQL, locks rows
/// in the order of their keys, and reads them again after waiting for a lock.
/// </summary>
/// <param name="database">A database with the schema of <see cref="SchemaMigrator"/>; the caller disposes it.</param>
/// <param name="options">Limits of what it keeps.</param>
internal sealed partial class PostgresLedger(ClusterDatabase database, IOptions<LedgerOptions> options) : ILedger
{
    private const int DeleteStep = 1000;

    private readonly LedgerOptions _options = options.Value;

    private static JobKey ReadKey(NpgsqlDataReader row) => new(TenantId.Parse(row.GetString(0)), JobId.Parse(row.GetString(1)));

    private Task<ImmutableArray<T>> QueryAsync<T>(
        Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken, params PostgresStatement[] statements) =>
        database.QueryAsync(statements, read, cancellationToken);

    /// <summary>Runs a query, and when it finds nothing makes sure that no table was emptied.</summary>
    private async Task<ImmutableArray<T>> CheckedAsync<T>(
        Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken, params PostgresStatement[] statements)
    {
        var rows = await QueryAsync(read, cancellationToken, statements);
        if (rows.IsEmpty)
        {
            await TableMarks.RequireWholeAsync(database, cancellationToken);
        }

        return rows;
    }

    private async Task<IReadOnlyList<T>> ListAsync<T>(
        Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken, params PostgresStatement[] statements) =>
        await database.QueryAsync(statements, read, cancellationToken);

    private Task<int> ExecuteAsync(CancellationToken cancellationToken, params PostgresStatement[] statements) =>
        database.ExecuteAsync(statements, cancellationToken);

    /// <summary>Repeats a step until it changes nothing: with concurrent deletions a step may find fewer rows than exist.</summary>
    private static async Task RepeatAsync(Func<Task<int>> step, CancellationToken cancellationToken)
    {
        while (await step() > 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
        }
    }
}
