using System.Text.Json;
using Quiver.Adapters.Storage.Ledger;
using static Quiver.Adapters.Storage.Postgres.PostgresStatement;

namespace Quiver.Adapters.Storage.Postgres;

/// <content>Job events, capped per job.</content>
internal sealed partial class PostgresLedger
{
    private const string InsertEvents =
        """
        INSERT INTO ledger_events (key, sequence, event)
        SELECT $1, given.sequence, given.event FROM unnest($2, $3) AS given (sequence, event) ORDER BY given.sequence
        ON CONFLICT DO NOTHING
        """;

    // Sequence numbers have no gaps, so the highest one tells which are too old, without counting rows.
    private const string DropOldEvents =
        "DELETE FROM ledger_events WHERE key = $1 AND sequence <= (SELECT max(sequence) FROM ledger_events WHERE key = $1) - $2";

    /// <inheritdoc/>
    public Task AppendEventsAsync(JobKey key, IReadOnlyList<JobEvent> events, CancellationToken cancellationToken = default)
    {
        LedgerArguments.CheckBatch(events);
        return ExecuteAsync(
            cancellationToken,
            new PostgresStatement(
                InsertEvents,
                Value(key.ToString()),
                Value(events.Select(item => item.Sequence).ToArray()),
                Value(events.Select(item => JsonSerializer.Serialize(item, LedgerJson.Default.JobEvent)).ToArray())),
            new PostgresStatement(DropOldEvents, Value(key.ToString()), Value((long)_options.MaxEventsPerJob)));
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<JobEvent>> ReadEventsAsync(JobKey key, long afterSequence, int limit, CancellationToken cancellationToken = default)
    {
        LedgerArguments.CheckLimit(limit);
        return ListAsync(
            row => JsonSerializer.Deserialize(row.GetString(0), LedgerJson.Default.JobEvent)!,
            cancellationToken,
            new PostgresStatement(
                "SELECT event FROM ledger_events WHERE key = $1 AND sequence > $2 ORDER BY sequence LIMIT $3", Value(key.ToString()), Value(afterSequence), Value(limit)));
    }
}
