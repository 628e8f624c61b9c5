using Quiver.Adapters.Storage.Ledger;
using static Quiver.Adapters.Storage.Postgres.PostgresStatement;

namespace Quiver.Adapters.Storage.Postgres;

/// <content>Which jobs are not kept, and their end.</content>
internal sealed partial class PostgresLedger
{
    private static readonly string ListExpired =
        $"""
        SELECT tenant, job FROM (
            SELECT tenant, job, created_at, finished_at, row_number() OVER (PARTITION BY tenant ORDER BY created_at DESC, job DESC) AS place
            FROM ledger_jobs WHERE state IN ({LedgerStates.Final})) AS ended
        WHERE place > $1 OR finished_at < $2
        ORDER BY created_at, tenant, job LIMIT $3
        """;

    /// <inheritdoc/>
    public Task<IReadOnlyList<JobKey>> ListExpiredJobsAsync(int keep, DateTimeOffset endedBefore, int limit, CancellationToken cancellationToken = default)
    {
        LedgerArguments.CheckLimit(limit);
        return ListAsync(ReadKey, cancellationToken, new PostgresStatement(ListExpired, Value(keep), Value(Ticks(endedBefore)), Value(limit)));
    }

    /// <inheritdoc/>
    public async Task DeleteJobAsync(JobKey key, CancellationToken cancellationToken = default)
    {
        await DeleteFailuresAsync(key, 0, cancellationToken);
        await RepeatAsync(() => DeleteEventsAsync(key, cancellationToken), cancellationToken);
        await ExecuteAsync(
            cancellationToken,
            new PostgresStatement("DELETE FROM ledger_failure_counts WHERE key = $1", Value(key.ToString())),
            new PostgresStatement("DELETE FROM ledger_jobs WHERE tenant = $1 AND job = $2", Value(key.Tenant.Value), Value(key.Job.Value)));
    }

    private Task<int> DeleteEventsAsync(JobKey key, CancellationToken cancellationToken) =>
        ExecuteAsync(
            cancellationToken,
            new PostgresStatement(
                """
                DELETE FROM ledger_events
                WHERE key = $1 AND sequence <= (SELECT max(sequence) FROM (SELECT sequence FROM ledger_events WHERE key = $1 ORDER BY sequence LIMIT $2) AS step)
                """,
                Value(key.ToString()),
                Value(DeleteStep)));
}
