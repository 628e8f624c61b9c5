using System.Globalization;
using Microsoft.Data.Sqlite;
using Quiver.Adapters.Storage.Ledger;

namespace Quiver.Adapters.Storage.Sqlite;

/// <content>Jobs with their events and failed documents, and the list of collections.</content>
internal sealed partial class SqliteLedger
{
    /// <inheritdoc/>
    public Task SaveJobAsync(JobStatus status, CancellationToken cancellationToken = default)
    {
        var json = LedgerJson.Write(status);
        return _database.WriteAsync(
            session => session.Execute(
                """
                INSERT INTO jobs (tenant, job, collection, state, created_at, status) VALUES (@tenant, @job, @collection, @state, @created, @status)
                ON CONFLICT (tenant, job) DO UPDATE SET
                    collection = excluded.collection, state = excluded.state, created_at = excluded.created_at, status = excluded.status
                WHERE jobs.created_at <> excluded.created_at
                    OR json_extract(jobs.status, '$.LastEventSequence') <= json_extract(excluded.status, '$.LastEventSequence')
                """,
                ("@tenant", status.Spec.Tenant.Value),
                ("@job", status.Id.Value),
                ("@collection", status.Spec.Collection.Value),
                ("@state", (int)status.State),
                ("@created", status.CreatedAt.UtcTicks),
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
        LedgerValidator.CheckLimit(request.Limit);
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
                    last => JobPageToken.Of(last).ToString());
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<JobKey>> ListJobsToWakeAsync(JobKey? after, int limit, CancellationToken cancellationToken = default)
    {
        LedgerValidator.CheckLimit(limit);
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
                ReadKey),
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task AppendEventsAsync(JobKey key, IReadOnlyList<JobEvent> events, CancellationToken cancellationToken = default)
    {
        LedgerValidator.CheckBatch(events);
        var rows = events.Select(item => (item.Sequence, Json: LedgerJson.Write(item))).ToList();
        var name = key.ToString();
        return _database.WriteAsync(
            session =>
            {
                foreach (var (sequence, json) in rows)
                {
                    session.Execute(
                        "INSERT OR IGNORE INTO events (key, sequence, event) VALUES (@key, @sequence, @event)",
                        ("@key", name),
                        ("@sequence", sequence),
                        ("@event", json));
                }

                // Sequence numbers have no gaps, so the highest one determines which are too old, without counting rows.
                session.Execute(
                    "DELETE FROM events WHERE key = @key AND sequence <= @last - @cap",
                    ("@key", name),
                    ("@last", LastSequence(session, name)),
                    ("@cap", _options.MaxEventsPerJob));
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<JobEvent>> ReadEventsAsync(JobKey key, long afterSequence, int limit, CancellationToken cancellationToken = default)
    {
        LedgerValidator.CheckLimit(limit);
        return _database.ReadAsync<IReadOnlyList<JobEvent>>(
            session => ReadAll(
                session.Query(
                    "SELECT event FROM events WHERE key = @key AND sequence > @after ORDER BY sequence LIMIT @limit",
                    ("@key", key.ToString()),
                    ("@after", afterSequence),
                    ("@limit", limit)),
                row => LedgerJson.ReadEvent(row.GetString(0))),
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task SaveFailuresAsync(JobKey key, IReadOnlyList<FailedDocument> failures, CancellationToken cancellationToken = default)
    {
        LedgerValidator.CheckBatch(failures);
        var name = key.ToString();
        return _database.WriteAsync(
            session =>
            {
                var count = Convert.ToInt64(
                    session.Scalar("SELECT count FROM failure_counts WHERE key = @key", ("@key", name)) ?? 0L,
                    CultureInfo.InvariantCulture);
                foreach (var failure in failures)
                {
                    if (!TryReplace(session, name, failure) && count < _options.MaxFailuresPerJob)
                    {
                        Insert(session, name, failure);
                        count++;
                    }
                }

                session.Execute("INSERT OR REPLACE INTO failure_counts (key, count) VALUES (@key, @count)", ("@key", name), ("@count", count));
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task DeleteFailuresAsync(JobKey key, long fromOrdinal, CancellationToken cancellationToken = default) =>
        DeleteInStepsAsync(session => DeleteFailures(session, key.ToString(), fromOrdinal), cancellationToken);

    /// <inheritdoc/>
    public Task<Page<FailedDocument>> ListFailuresAsync(JobKey key, string? after, int limit, CancellationToken cancellationToken = default)
    {
        LedgerValidator.CheckLimit(limit);
        var afterOrdinal = LedgerValidator.ParseOrdinal(after);
        return _database.ReadAsync(
            session => LedgerPages.ToPage(
                ReadAll(
                    session.Query(
                        "SELECT ordinal, document_id, code, reason, at FROM failures WHERE key = @key AND ordinal > @after ORDER BY ordinal LIMIT @limit",
                        ("@key", key.ToString()),
                        ("@after", afterOrdinal),
                        ("@limit", limit + 1)),
                    ReadFailure),
                limit,
                last => last.Ordinal.ToString(CultureInfo.InvariantCulture)),
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<JobKey>> ListExpiredJobsAsync(int keep, DateTimeOffset endedBefore, int limit, CancellationToken cancellationToken = default)
    {
        LedgerValidator.CheckLimit(limit);
        return _database.ReadAsync<IReadOnlyList<JobKey>>(
            session => ReadAll(
                session.Query(
                    $"""
                    SELECT tenant, job FROM (
                        SELECT tenant, job, created_at, status, row_number() OVER (PARTITION BY tenant ORDER BY created_at DESC, job DESC) AS row_order
                        FROM jobs WHERE state IN ({LedgerValues.FinalStates}))
                    WHERE row_order > @keep OR julianday(json_extract(status, '$.FinishedAt')) < julianday(@before)
                    ORDER BY created_at, tenant, job LIMIT @limit
                    """,
                    ("@keep", keep),
                    ("@before", endedBefore.UtcDateTime.ToString("O", CultureInfo.InvariantCulture)),
                    ("@limit", limit)),
                ReadKey),
            cancellationToken);
    }

    /// <inheritdoc/>
    public async Task DeleteJobAsync(JobKey key, CancellationToken cancellationToken = default)
    {
        await DeleteFailuresAsync(key, 0, cancellationToken);
        await DeleteInStepsAsync(session => DeleteEvents(session, key.ToString()), cancellationToken);
        await _database.WriteAsync(
            session =>
            {
                session.Execute("DELETE FROM failure_counts WHERE key = @key", ("@key", key.ToString()));
                session.Execute("DELETE FROM jobs WHERE tenant = @tenant AND job = @job", ("@tenant", key.Tenant.Value), ("@job", key.Job.Value));
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task SaveCollectionAsync(TenantId tenant, CollectionInfo collection, CancellationToken cancellationToken = default)
    {
        var json = LedgerJson.Write(collection);
        return _database.WriteAsync(
            session => session.Execute(
                "INSERT OR REPLACE INTO collections (tenant, name, info) VALUES (@tenant, @name, @info)",
                ("@tenant", tenant.Value),
                ("@name", collection.Name.Value),
                ("@info", json)),
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task DeleteCollectionAsync(CollectionKey key, CancellationToken cancellationToken = default) =>
        _database.WriteAsync(
            session => session.Execute(
                "DELETE FROM collections WHERE tenant = @tenant AND name = @name",
                ("@tenant", key.Tenant.Value),
                ("@name", key.Collection.Value)),
            cancellationToken);

    /// <inheritdoc/>
    public Task<Page<CollectionInfo>> ListCollectionsAsync(TenantId tenant, string? after, int limit, CancellationToken cancellationToken = default)
    {
        LedgerValidator.CheckLimit(limit);
        LedgerValidator.CheckName(after);
        return _database.ReadAsync(
            session => LedgerPages.ToPage(
                ReadAll(
                    session.Query(
                        "SELECT info FROM collections WHERE tenant = @tenant AND name > @after ORDER BY name LIMIT @limit",
                        ("@tenant", tenant.Value),
                        ("@after", after ?? ""),
                        ("@limit", limit + 1)),
                    row => LedgerJson.ReadCollection(row.GetString(0))),
                limit,
                last => last.Name.Value),
            cancellationToken);
    }

    /// <summary>The creation time of a job; −1, before all others, for an unknown job: waking a job twice is harmless, missing one is not.</summary>
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

    private static JobKey ReadKey(SqliteDataReader row) => new(TenantId.Parse(row.GetString(0)), JobId.Parse(row.GetString(1)));

    private static JobStatus ReadJob(SqliteDataReader row) => LedgerJson.ReadJob(row.GetString(0));

    private static long LastSequence(SqliteSession session, string key) =>
        Convert.ToInt64(session.Scalar("SELECT coalesce(max(sequence), 0) FROM events WHERE key = @key", ("@key", key)), CultureInfo.InvariantCulture);

    private static int DeleteFailures(SqliteSession session, string key, long fromOrdinal)
    {
        var deleted = session.Execute(
            "DELETE FROM failures WHERE key = @key AND ordinal IN (SELECT ordinal FROM failures WHERE key = @key AND ordinal >= @from LIMIT @limit)",
            ("@key", key),
            ("@from", fromOrdinal),
            ("@limit", DeleteStep));
        session.Execute("UPDATE failure_counts SET count = count - @deleted WHERE key = @key", ("@key", key), ("@deleted", deleted));
        return deleted;
    }

    private static bool TryReplace(SqliteSession session, string key, FailedDocument failure) =>
        session.Execute(
            "UPDATE failures SET document_id = @id, code = @code, reason = @reason, at = @at WHERE key = @key AND ordinal = @ordinal",
            Row(key, failure)) > 0;

    private static void Insert(SqliteSession session, string key, FailedDocument failure) =>
        session.Execute(
            "INSERT INTO failures (key, ordinal, document_id, code, reason, at) VALUES (@key, @ordinal, @id, @code, @reason, @at)",
            Row(key, failure));

    private static (string Name, object? Value)[] Row(string key, FailedDocument failure) =>
    [
        ("@key", key),
        ("@ordinal", failure.Ordinal),
        ("@id", failure.DocumentId),
        ("@code", failure.Code),
        ("@reason", failure.Reason),
        ("@at", failure.At.UtcTicks),
    ];

    private static FailedDocument ReadFailure(SqliteDataReader row) => new()
    {
        Ordinal = row.GetInt64(0),
        DocumentId = row.GetString(1),
        Code = row.GetString(2),
        Reason = row.GetString(3),
        At = LedgerValues.Time(row.GetInt64(4)),
    };

    private static int DeleteEvents(SqliteSession session, string key) =>
        session.Execute(
            "DELETE FROM events WHERE key = @key AND sequence IN (SELECT sequence FROM events WHERE key = @key LIMIT @limit)",
            ("@key", key),
            ("@limit", DeleteStep));
}
