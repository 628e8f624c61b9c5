using System.Text.Json;
using Npgsql;
using Quiver.Adapters.Storage.Ledger;
using static Quiver.Adapters.Storage.Postgres.PostgresStatement;

namespace Quiver.Adapters.Storage.Postgres;

/// <content>Jobs and their summaries.</content>
internal sealed partial class PostgresLedger
{
    // A silo that was held up may tell of a state that another one has left behind long ago.
    private const string SaveJob =
        """
        INSERT INTO ledger_jobs (tenant, job, collection, state, created_at, finished_at, event_sequence, status)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        ON CONFLICT (tenant, job) DO UPDATE SET
            collection = excluded.collection, state = excluded.state, created_at = excluded.created_at, finished_at = excluded.finished_at,
            event_sequence = excluded.event_sequence, status = excluded.status
        WHERE ledger_jobs.created_at <> excluded.created_at OR ledger_jobs.event_sequence <= excluded.event_sequence
        """;

    // A job that is not known counts as before all others: waking a job twice is harmless, forgetting one is not.
    private const string ListUnfinished =
        """
        SELECT tenant, job FROM ledger_jobs
        WHERE state IN (1, 2)
            AND (created_at, tenant, job) > (coalesce((SELECT created_at FROM ledger_jobs WHERE tenant = $1 AND job = $2), -1), $1, $2)
        ORDER BY created_at, tenant, job LIMIT $3
        """;

    /// <inheritdoc/>
    public Task SaveJobAsync(JobStatus status, CancellationToken cancellationToken = default) =>
        ExecuteAsync(
            cancellationToken,
            new PostgresStatement(
                SaveJob,
                Value(status.Spec.Tenant.Value),
                Value(status.Id.Value),
                Value(status.Spec.Collection.Value),
                Value((int)status.State),
                Value(Ticks(status.CreatedAt)),
                Value(status.FinishedAt is { } finished ? Ticks(finished) : (long?)null),
                Value(status.LastEventSequence),
                Value(JsonSerializer.Serialize(status with { Active = false }, LedgerJson.Default.JobStatus))));

    /// <inheritdoc/>
    public async Task<JobStatus?> FindJobAsync(JobKey key, CancellationToken cancellationToken = default) =>
        (await QueryAsync(
            ReadJob,
            cancellationToken,
            new PostgresStatement("SELECT status FROM ledger_jobs WHERE tenant = $1 AND job = $2", Value(key.Tenant.Value), Value(key.Job.Value)))).SingleOrDefault();

    /// <inheritdoc/>
    public async Task<Page<JobStatus>> ListJobsAsync(TenantId tenant, JobListRequest request, CancellationToken cancellationToken = default)
    {
        LedgerArguments.CheckLimit(request.Limit);
        List<NpgsqlParameter> values = [Value(tenant.Value), Value(request.Limit + 1)];
        string Given<T>(T value)
        {
            values.Add(Value(value));
            return $"${values.Count}";
        }

        var state = request.State is { } wanted ? $" AND state = {Given((int)wanted)}" : "";
        var collection = request.Collection is { } name ? $" AND collection = {Given(name.Value)}" : "";
        var after = request.After is { } token && JobPageToken.Parse(token) is var place ? $" AND (created_at, job) < ({Given(place.CreatedAt)}, {Given(place.Job)})" : "";
        var rows = await QueryAsync(
            ReadJob,
            cancellationToken,
            new PostgresStatement($"SELECT status FROM ledger_jobs WHERE tenant = $1{state}{collection}{after} ORDER BY created_at DESC, job DESC LIMIT $2", values));
        return rows.ToPage(request.Limit, last => new JobPageToken(Ticks(last.CreatedAt), last.Id.Value).ToString());
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<JobKey>> ListUnfinishedJobsAsync(JobKey? after, int limit, CancellationToken cancellationToken = default)
    {
        LedgerArguments.CheckLimit(limit);
        return ListAsync(
            ReadKey, cancellationToken, new PostgresStatement(ListUnfinished, Value(after?.Tenant.Value ?? ""), Value(after?.Job.Value ?? ""), Value(limit)));
    }

    private static JobStatus ReadJob(NpgsqlDataReader row) => JsonSerializer.Deserialize(row.GetString(0), LedgerJson.Default.JobStatus)!;
}
