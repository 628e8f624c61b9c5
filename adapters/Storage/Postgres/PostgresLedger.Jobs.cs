using System.Globalization;
using Npgsql;
using Quiver.Adapters.Storage.Ledger;
using static Quiver.Adapters.Storage.Postgres.PostgresStatement;

namespace Quiver.Adapters.Storage.Postgres;

/// <content>Jobs with their events and failed documents, and the list of collections.</content>
internal sealed partial class PostgresLedger
{
    // A delayed silo may report a state that another silo has already replaced.
    private const string SaveJob =
        """
        INSERT INTO ledger_jobs (tenant, job, collection, state, created_at, finished_at, event_sequence, status)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        ON CONFLICT (tenant, job) DO UPDATE SET
            collection = excluded.collection, state = excluded.state, created_at = excluded.created_at, finished_at = excluded.finished_at,
            event_sequence = excluded.event_sequence, status = excluded.status
        WHERE ledger_jobs.created_at <> excluded.created_at OR ledger_jobs.event_sequence <= excluded.event_sequence
        """;

    // An unknown job sorts before all others: waking a job twice is harmless, missing one is not.
    private const string ListUnfinished =
        """
        SELECT tenant, job FROM ledger_jobs
        WHERE state IN (1, 2)
            AND (created_at, tenant, job) > (coalesce((SELECT created_at FROM ledger_jobs WHERE tenant = $1 AND job = $2), -1), $1, $2)
        ORDER BY created_at, tenant, job LIMIT $3
        """;

    private const string InsertEvents =
        """
        INSERT INTO ledger_events (key, sequence, event)
        SELECT $1, given.sequence, given.event FROM unnest($2, $3) AS given (sequence, event) ORDER BY given.sequence
        ON CONFLICT DO NOTHING
        """;

    // Sequence numbers have no gaps, so the highest one determines which are too old, without counting rows.
    private const string DropOldEvents =
        "DELETE FROM ledger_events WHERE key = $1 AND sequence <= (SELECT max(sequence) FROM ledger_events WHERE key = $1) - $2";

    // Each change of a job's failures locks its row of counts first: the limit holds across silos, without deadlocks.
    private const string TakeFailures =
        "INSERT INTO ledger_failure_counts (key, count) VALUES ($1, 0) ON CONFLICT (key) DO UPDATE SET count = ledger_failure_counts.count";

    private const string MergeFailures =
        """
        WITH given AS (
            SELECT * FROM unnest($2, $3, $4, $5, $6) WITH ORDINALITY AS given (ordinal, document_id, code, reason, at, row_order)),
        replaced AS (
            UPDATE ledger_failures AS old SET document_id = given.document_id, code = given.code, reason = given.reason, at = given.at
            FROM given WHERE old.key = $1 AND old.ordinal = given.ordinal),
        added AS (
            INSERT INTO ledger_failures (key, ordinal, document_id, code, reason, at)
            SELECT $1, given.ordinal, given.document_id, given.code, given.reason, given.at FROM given
            WHERE NOT EXISTS (SELECT FROM ledger_failures AS old WHERE old.key = $1 AND old.ordinal = given.ordinal)
            ORDER BY given.row_order
            LIMIT greatest(0, $7 - (SELECT count FROM ledger_failure_counts WHERE key = $1))
            RETURNING 1)
        UPDATE ledger_failure_counts SET count = count + (SELECT count(*) FROM added) WHERE key = $1
        """;

    private const string DeleteSomeFailures =
        """
        WITH gone AS (
            DELETE FROM ledger_failures
            WHERE key = $1 AND ordinal >= $2 AND ordinal <= (
                SELECT max(ordinal) FROM (SELECT ordinal FROM ledger_failures WHERE key = $1 AND ordinal >= $2 ORDER BY ordinal LIMIT $3) AS step)
            RETURNING 1),
        counted AS (
            UPDATE ledger_failure_counts SET count = count - (SELECT count(*) FROM gone) WHERE key = $1)
        SELECT count(*)::integer FROM gone
        """;

    private static readonly string ListExpired =
        $"""
        SELECT tenant, job FROM (
            SELECT tenant, job, created_at, finished_at, row_number() OVER (PARTITION BY tenant ORDER BY created_at DESC, job DESC) AS row_order
            FROM ledger_jobs WHERE state IN ({LedgerValues.FinalStates})) AS ended
        WHERE row_order > $1 OR finished_at < $2
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
                Value(status.CreatedAt.UtcTicks),
                Value(status.FinishedAt is { } finished ? finished.UtcTicks : (long?)null),
                Value(status.LastEventSequence),
                Value(LedgerJson.Write(status))));

    /// <inheritdoc/>
    public async Task<JobStatus?> FindJobAsync(JobKey key, CancellationToken cancellationToken = default) =>
        (await CheckedAsync(
            ReadJob,
            cancellationToken,
            new PostgresStatement("SELECT status FROM ledger_jobs WHERE tenant = $1 AND job = $2", Value(key.Tenant.Value), Value(key.Job.Value))))
        .SingleOrDefault();

    /// <inheritdoc/>
    public async Task<Page<JobStatus>> ListJobsAsync(TenantId tenant, JobListRequest request, CancellationToken cancellationToken = default)
    {
        LedgerValidator.CheckLimit(request.Limit);
        List<NpgsqlParameter> values = [Value(tenant.Value), Value(request.Limit + 1)];
        string Given<T>(T value)
        {
            values.Add(Value(value));
            return $"${values.Count}";
        }

        var state = request.State is { } wanted ? $" AND state = {Given((int)wanted)}" : "";
        var collection = request.Collection is { } name ? $" AND collection = {Given(name.Value)}" : "";
        var after = request.After is { } token && JobPageToken.Parse(token) is var last
            ? $" AND (created_at, job) < ({Given(last.CreatedAt)}, {Given(last.Job)})"
            : "";
        var rows = await CheckedAsync(
            ReadJob,
            cancellationToken,
            new PostgresStatement(
                $"SELECT status FROM ledger_jobs WHERE tenant = $1{state}{collection}{after} ORDER BY created_at DESC, job DESC LIMIT $2", values));
        return rows.ToPage(request.Limit, static last => JobPageToken.Of(last).ToString());
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<JobKey>> ListJobsToWakeAsync(JobKey? after, int limit, CancellationToken cancellationToken = default)
    {
        LedgerValidator.CheckLimit(limit);
        return ListAsync(
            ReadKey, cancellationToken, new PostgresStatement(ListUnfinished, Value(after?.Tenant.Value ?? ""), Value(after?.Job.Value ?? ""), Value(limit)));
    }

    /// <inheritdoc/>
    public Task AppendEventsAsync(JobKey key, IReadOnlyList<JobEvent> events, CancellationToken cancellationToken = default)
    {
        LedgerValidator.CheckBatch(events);
        return ExecuteAsync(
            cancellationToken,
            new PostgresStatement(
                InsertEvents,
                Value(key.ToString()),
                Value(events.Select(item => item.Sequence).ToArray()),
                Value(events.Select(item => LedgerJson.Write(item)).ToArray())),
            new PostgresStatement(DropOldEvents, Value(key.ToString()), Value((long)_options.MaxEventsPerJob)));
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<JobEvent>> ReadEventsAsync(JobKey key, long afterSequence, int limit, CancellationToken cancellationToken = default)
    {
        LedgerValidator.CheckLimit(limit);
        var statement = new PostgresStatement(
            "SELECT event FROM ledger_events WHERE key = $1 AND sequence > $2 ORDER BY sequence LIMIT $3",
            Value(key.ToString()),
            Value(afterSequence),
            Value(limit));

        // Subscribers poll for later events, and mostly there are none.
        return afterSequence == 0 ? await CheckedAsync(ReadEvent, cancellationToken, statement) : await QueryAsync(ReadEvent, cancellationToken, statement);
    }

    /// <inheritdoc/>
    public Task SaveFailuresAsync(JobKey key, IReadOnlyList<FailedDocument> failures, CancellationToken cancellationToken = default)
    {
        LedgerValidator.CheckBatch(failures);
        if (failures.Count == 0)
        {
            return Task.CompletedTask;
        }

        // Of duplicate ordinals the last failure is stored, in the order of the first.
        var given = failures.GroupBy(failure => failure.Ordinal).Select(same => same.Last()).ToList();
        T[] Of<T>(Func<FailedDocument, T> member) => [.. given.Select(member)];
        return ExecuteAsync(
            cancellationToken,
            new PostgresStatement(TakeFailures, Value(key.ToString())),
            new PostgresStatement(
                MergeFailures,
                Value(key.ToString()),
                Value(Of(failure => failure.Ordinal)),
                Value(Of(failure => LedgerText.Encode(failure.DocumentId))),
                Value(Of(failure => LedgerText.Encode(failure.Code))),
                Value(Of(failure => LedgerText.Encode(failure.Reason))),
                Value(Of(failure => failure.At.UtcTicks)),
                Value((long)_options.MaxFailuresPerJob)));
    }

    /// <inheritdoc/>
    public Task DeleteFailuresAsync(JobKey key, long fromOrdinal, CancellationToken cancellationToken = default) =>
        RepeatAsync(
            async () =>
            (await QueryAsync(
                row => row.GetInt32(0),
                cancellationToken,
                new PostgresStatement("UPDATE ledger_failure_counts SET count = count WHERE key = $1", Value(key.ToString())),
                new PostgresStatement(DeleteSomeFailures, Value(key.ToString()), Value(fromOrdinal), Value(DeleteStep)))).Single(),
            cancellationToken);

    /// <inheritdoc/>
    public async Task<Page<FailedDocument>> ListFailuresAsync(JobKey key, string? after, int limit, CancellationToken cancellationToken = default)
    {
        LedgerValidator.CheckLimit(limit);
        var rows = await CheckedAsync(
            ReadFailure,
            cancellationToken,
            new PostgresStatement(
                "SELECT ordinal, document_id, code, reason, at FROM ledger_failures WHERE key = $1 AND ordinal > $2 ORDER BY ordinal LIMIT $3",
                Value(key.ToString()),
                Value(LedgerValidator.ParseOrdinal(after)),
                Value(limit + 1)));
        return rows.ToPage(limit, last => last.Ordinal.ToString(CultureInfo.InvariantCulture));
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<JobKey>> ListExpiredJobsAsync(int keep, DateTimeOffset endedBefore, int limit, CancellationToken cancellationToken = default)
    {
        LedgerValidator.CheckLimit(limit);
        return ListAsync(ReadKey, cancellationToken, new PostgresStatement(ListExpired, Value(keep), Value(endedBefore.UtcTicks), Value(limit)));
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

    /// <inheritdoc/>
    public Task SaveCollectionAsync(TenantId tenant, CollectionInfo collection, CancellationToken cancellationToken = default) =>
        ExecuteAsync(
            cancellationToken,
            new PostgresStatement(
                "INSERT INTO ledger_collections (tenant, name, info) VALUES ($1, $2, $3) ON CONFLICT (tenant, name) DO UPDATE SET info = excluded.info",
                Value(tenant.Value),
                Value(collection.Name.Value),
                Value(LedgerJson.Write(collection))));

    /// <inheritdoc/>
    public Task DeleteCollectionAsync(CollectionKey key, CancellationToken cancellationToken = default) =>
        ExecuteAsync(
            cancellationToken,
            new PostgresStatement("DELETE FROM ledger_collections WHERE tenant = $1 AND name = $2", Value(key.Tenant.Value), Value(key.Collection.Value)));

    /// <inheritdoc/>
    public async Task<Page<CollectionInfo>> ListCollectionsAsync(TenantId tenant, string? after, int limit, CancellationToken cancellationToken = default)
    {
        LedgerValidator.CheckLimit(limit);
        LedgerValidator.CheckName(after);
        var rows = await CheckedAsync(
            row => LedgerJson.ReadCollection(row.GetString(0)),
            cancellationToken,
            new PostgresStatement(
                "SELECT info FROM ledger_collections WHERE tenant = $1 AND name > $2 ORDER BY name LIMIT $3",
                Value(tenant.Value),
                Value(after ?? ""),
                Value(limit + 1)));
        return rows.ToPage(limit, last => last.Name.Value);
    }

    private static JobEvent ReadEvent(NpgsqlDataReader row) => LedgerJson.ReadEvent(row.GetString(0));

    private static JobStatus ReadJob(NpgsqlDataReader row) => LedgerJson.ReadJob(row.GetString(0));

    private static FailedDocument ReadFailure(NpgsqlDataReader row) => new()
    {
        Ordinal = row.GetInt64(0),
        DocumentId = LedgerText.Decode(row.GetString(1)),
        Code = LedgerText.Decode(row.GetString(2)),
        Reason = LedgerText.Decode(row.GetString(3)),
        At = LedgerValues.Time(row.GetInt64(4)),
    };

    private Task<int> DeleteEventsAsync(JobKey key, CancellationToken cancellationToken) =>
        ExecuteAsync(
            cancellationToken,
            new PostgresStatement(
                """
                DELETE FROM ledger_events
                WHERE key = $1 AND sequence <= (
                    SELECT max(sequence) FROM (SELECT sequence FROM ledger_events WHERE key = $1 ORDER BY sequence LIMIT $2) AS step)
                """,
                Value(key.ToString()),
                Value(DeleteStep)));
}
