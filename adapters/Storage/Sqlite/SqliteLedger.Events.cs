using System.Globalization;
using System.Text.Json;
using Quiver.Adapters.Storage.Ledger;

namespace Quiver.Adapters.Storage.Sqlite;

/// <content>Job events, capped per job.</content>
internal sealed partial class SqliteLedger
{
    /// <inheritdoc/>
    public Task AppendEventsAsync(JobKey key, IReadOnlyList<JobEvent> events, CancellationToken cancellationToken = default)
    {
        LedgerArguments.CheckBatch(events);
        var rows = events.Select(item => (item.Sequence, Json: JsonSerializer.Serialize(item, LedgerJson.Default.JobEvent))).ToList();
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

                // Sequence numbers have no gaps, so the highest one tells which are too old, without counting rows.
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
        LedgerArguments.CheckLimit(limit);
        return _database.ReadAsync<IReadOnlyList<JobEvent>>(
            session => ReadAll(
                session.Query(
                    "SELECT event FROM events WHERE key = @key AND sequence > @after ORDER BY sequence LIMIT @limit",
                    ("@key", key.ToString()),
                    ("@after", afterSequence),
                    ("@limit", limit)),
                row => JsonSerializer.Deserialize(row.GetString(0), LedgerJson.Default.JobEvent)!),
            cancellationToken);
    }

    private static long LastSequence(SqliteSession session, string key) =>
        Convert.ToInt64(session.Scalar("SELECT coalesce(max(sequence), 0) FROM events WHERE key = @key", ("@key", key)), CultureInfo.InvariantCulture);
}
