using System.Globalization;
using Npgsql;
using Quiver.Adapters.Storage.Ledger;
using static Quiver.Adapters.Storage.Postgres.PostgresStatement;

namespace Quiver.Adapters.Storage.Postgres;

/// <content>Failed documents, capped per job.</content>
internal sealed partial class PostgresLedger
{
    // Whoever changes a job's failures takes its row of counts first: the cap holds over all silos, and none waits for another in a circle.
    private const string TakeFailures =
        "INSERT INTO ledger_failure_counts (key, count) VALUES ($1, 0) ON CONFLICT (key) DO UPDATE SET count = ledger_failure_counts.count";

    private const string MergeFailures =
        """
        WITH given AS (
            SELECT * FROM unnest($2, $3, $4, $5, $6) WITH ORDINALITY AS given (ordinal, document_id, code, reason, at, place)),
        replaced AS (
            UPDATE ledger_failures AS old SET document_id = given.document_id, code = given.code, reason = given.reason, at = given.at
            FROM given WHERE old.key = $1 AND old.ordinal = given.ordinal),
        added AS (
            INSERT INTO ledger_failures (key, ordinal, document_id, code, reason, at)
            SELECT $1, given.ordinal, given.document_id, given.code, given.reason, given.at FROM given
            WHERE NOT EXISTS (SELECT FROM ledger_failures AS old WHERE old.key = $1 AND old.ordinal = given.ordinal)
            ORDER BY given.place
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

    /// <inheritdoc/>
    public Task SaveFailuresAsync(JobKey key, IReadOnlyList<FailedDocument> failures, CancellationToken cancellationToken = default)
    {
        LedgerArguments.CheckBatch(failures);
        if (failures.Count == 0)
        {
            return Task.CompletedTask;
        }

        // Of several with the same ordinal the last counts, at the place of the first.
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
                Value(Of(failure => Ticks(failure.At))),
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
        LedgerArguments.CheckLimit(limit);
        var rows = await QueryAsync(
            ReadFailure,
            cancellationToken,
            new PostgresStatement(
                "SELECT ordinal, document_id, code, reason, at FROM ledger_failures WHERE key = $1 AND ordinal > $2 ORDER BY ordinal LIMIT $3",
                Value(key.ToString()),
                Value(LedgerArguments.ParseOrdinal(after)),
                Value(limit + 1)));
        return rows.ToPage(limit, last => last.Ordinal.ToString(CultureInfo.InvariantCulture));
    }

    private static FailedDocument ReadFailure(NpgsqlDataReader row) => new()
    {
        Ordinal = row.GetInt64(0),
        DocumentId = LedgerText.Decode(row.GetString(1)),
        Code = LedgerText.Decode(row.GetString(2)),
        Reason = LedgerText.Decode(row.GetString(3)),
        At = Time(row.GetInt64(4)),
    };
}
