using System.Globalization;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Quiver.Adapters.Storage.Ledger;

namespace Quiver.Adapters.Storage.Sqlite;

/// <content>Jobs and their summaries.</content>
internal sealed partial class SqliteLedger
{
    /// <inheritdoc/>
    public Task SaveJobAsync(JobStatus status, CancellationToken cancellationToken = default)
    {
        var json = JsonSerializer.Serialize(status with { Active = false }, LedgerJson.Default.JobStatus);
        return _database.WriteAsync(
            session => session.Execute(
                """
                INSERT INTO jobs (tenant, job, collection, state, created_at, status) VALUES (@tenant, @job, @collection, @state, @created, @status)
                ON CONFLICT (tenant, job) DO UPDATE SET collection = excluded.collection, state = excluded.state, created_at = excluded.created_at, status = excluded.status
                WHERE jobs.created_at <> excluded.created_at OR json_extract(jobs.status, '$.LastEventSequence') <= json_extract(excluded.status, '$.LastEventSequence')
                """,
                ("@tenant", status.Spec.Tenant.Value),
                ("@job", status.Id.Value),
                ("@collection", status.Spec.Collection.Value),
                ("@state", (int)status.State),
                ("@created", Ticks(status.CreatedAt)),
                ("@status", json)),
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task<JobStatus?> FindJobAsync(JobKey key, CancellationToken cancellationToken = default) =>
        _database.ReadAsync(
            session => ReadAll(
                session.Query("SELECT status FROM jobs WHERE tenant = @tenant AND job = @job", ("@tenant", key.Tenant.Value), ("@job", key.Job.Value)),
                ReadJob).SingleOrDefault(),
            cancellationToken);

    /// <inheritdoc/>
    public Task<Page<JobStatus>> ListJobsAsync(TenantId tenant, JobListRequest request, CancellationToken cancellationToken = default)
    {
        LedgerArguments.CheckLimit(request.Limit);
        JobPageToken? after = request.After is { } token ? JobPageToken.Parse(token) : null;
        var sql = string.Concat(
            "SELECT status FROM jobs WHERE tenant = @tenant",
            request.State is null ? "" : " AND state = @state",
            request.Collection is null ? "" : " AND collection = @collection",
            after is null ? "" : " AND (created_at, job) < (@created, @after)",
            " ORDER BY created_at DESC, job DESC LIMIT @limit");
        return _database.ReadAsync(
            session =>
            {
                var command = session.Command(sql);
                command.Parameters.AddWithValue("@tenant", tenant.Value);
                command.Parameters.AddWithValue("@limit", request.Limit + 1);
                AddWhenGiven(command, "@state", (int?)request.State);
                AddWhenGiven(command, "@collection", request.Collection?.Value);
                AddWhenGiven(command, "@created", after?.CreatedAt);
                AddWhenGiven(command, "@after", after?.Job);
                return LedgerPages.ToPage(
                    ReadAll(session.Run(command), ReadJob),
                    request.Limit,
                    last => new JobPageToken(Ticks(last.CreatedAt), last.Id.Value).ToString());
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<JobKey>> ListUnfinishedJobsAsync(JobKey? after, int limit, CancellationToken cancellationToken = default)
    {
        LedgerArguments.CheckLimit(limit);
        return _database.ReadAsync<IReadOnlyList<JobKey>>(
            session => ReadAll(
                session.Query(
                    """
                    SELECT tenant, job FROM jobs
                    WHERE state IN (1, 2) AND (created_at, tenant, job) > (@created, @tenant, @job)
                    ORDER BY created_at, tenant, job LIMIT @limit
                    """,
                    ("@created", after is { } last ? CreatedAt(session, last) : -1),
                    ("@tenant", after?.Tenant.Value ?? ""),
                    ("@job", after?.Job.Value ?? ""),
                    ("@limit", limit)),
                row => new JobKey(TenantId.Parse(row.GetString(0)), JobId.Parse(row.GetString(1)))),
            cancellationToken);
    }

    /// <summary>When a job was created. An unknown one counts as before all others: waking a job twice is harmless, forgetting one is not.</summary>
    private static long CreatedAt(SqliteSession session, JobKey key) =>
        Convert.ToInt64(
            session.Scalar("SELECT created_at FROM jobs WHERE tenant = @tenant AND job = @job", ("@tenant", key.Tenant.Value), ("@job", key.Job.Value)) ?? -1L,
            CultureInfo.InvariantCulture);

    private static void AddWhenGiven(SqliteCommand command, string name, object? value)
    {
        if (value is not null)
        {
            command.Parameters.AddWithValue(name, value);
        }
    }

    private static JobStatus ReadJob(SqliteDataReader row) => JsonSerializer.Deserialize(row.GetString(0), LedgerJson.Default.JobStatus)!;
}
