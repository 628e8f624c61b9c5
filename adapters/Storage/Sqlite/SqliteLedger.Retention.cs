using System.Globalization;
using Quiver.Adapters.Storage.Ledger;

namespace Quiver.Adapters.Storage.Sqlite;

/// <content>Which jobs are not kept, and their end.</content>
internal sealed partial class SqliteLedger
{
    /// <inheritdoc/>
    public Task<IReadOnlyList<JobKey>> ListExpiredJobsAsync(int keep, DateTimeOffset endedBefore, int limit, CancellationToken cancellationToken = default)
    {
        LedgerArguments.CheckLimit(limit);
        return _database.ReadAsync<IReadOnlyList<JobKey>>(
            session => ReadAll(
                session.Query(
                    $"""
                    SELECT tenant, job FROM (
                        SELECT tenant, job, created_at, status, row_number() OVER (PARTITION BY tenant ORDER BY created_at DESC, job DESC) AS place
                        FROM jobs WHERE state IN ({LedgerStates.Final}))
                    WHERE place > @keep OR julianday(json_extract(status, '$.FinishedAt')) < julianday(@before)
                    ORDER BY created_at, tenant, job LIMIT @limit
                    """,
                    ("@keep", keep),
                    ("@before", endedBefore.UtcDateTime.ToString("O", CultureInfo.InvariantCulture)),
                    ("@limit", limit)),
                row => new JobKey(TenantId.Parse(row.GetString(0)), JobId.Parse(row.GetString(1)))),
            cancellationToken);
    }

    /// <inheritdoc/>
    public async Task DeleteJobAsync(JobKey key, CancellationToken cancellationToken = default)
    {
        await DeleteFailuresAsync(key, 0, cancellationToken);
        while (await _database.WriteAsync(session => DeleteEvents(session, key.ToString()), cancellationToken) == DeleteStep)
        {
            cancellationToken.ThrowIfCancellationRequested();
        }

        await _database.WriteAsync(
            session =>
            {
                session.Execute("DELETE FROM failure_counts WHERE key = @key", ("@key", key.ToString()));
                session.Execute("DELETE FROM jobs WHERE tenant = @tenant AND job = @job", ("@tenant", key.Tenant.Value), ("@job", key.Job.Value));
            },
            cancellationToken);
    }

    private static int DeleteEvents(SqliteSession session, string key) => session.Execute(
        "DELETE FROM events WHERE key = @key AND sequence IN (SELECT sequence FROM events WHERE key = @key LIMIT @limit)", ("@key", key), ("@limit", DeleteStep));
}
