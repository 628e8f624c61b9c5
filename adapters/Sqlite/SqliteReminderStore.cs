using Microsoft.Data.Sqlite;
using Orleans.Runtime;
using Quiver.Embedded.Reminders;

namespace Quiver.Adapters.Sqlite;

/// <summary>Reminders in SQLite.</summary>
/// <param name="database">A database with <see cref="SqliteGrainSchema"/>; the caller disposes it.</param>
internal sealed class SqliteReminderStore(SqliteDatabase database) : IReminderStore
{
    private const string Columns = "SELECT grain, name, first_tick, period, etag FROM reminders ";

    public Task<IReadOnlyList<ReminderEntry>> ReadAllAsync(CancellationToken cancellationToken) =>
        database.ReadAsync(session => Read(session.Query(Columns + "ORDER BY grain, name")), cancellationToken);

    public Task<IReadOnlyList<ReminderEntry>> ReadAsync(GrainId grainId, CancellationToken cancellationToken) =>
        database.ReadAsync(session => Read(session.Query(Columns + "WHERE grain = $grain ORDER BY name", ("$grain", grainId.ToString()))), cancellationToken);

    public Task UpsertAsync(ReminderEntry entry, CancellationToken cancellationToken) =>
        database.WriteAsync(
            session =>
            {
                session.Execute(
                    "INSERT OR REPLACE INTO reminders (grain, name, first_tick, period, etag) VALUES ($grain, $name, $first, $period, $etag)",
                    ("$grain", entry.GrainId.ToString()),
                    ("$name", entry.Name),
                    ("$first", entry.FirstTick.UtcTicks),
                    ("$period", entry.Period.Ticks),
                    ("$etag", entry.ETag));
            },
            cancellationToken);

    public Task<bool> RemoveAsync(GrainId grainId, string name, string etag, CancellationToken cancellationToken) =>
        database.WriteAsync(
            session => session.Execute(
                "DELETE FROM reminders WHERE grain = $grain AND name = $name AND etag = $etag",
                ("$grain", grainId.ToString()),
                ("$name", name),
                ("$etag", etag)) == 1,
            cancellationToken);

    private static IReadOnlyList<ReminderEntry> Read(SqliteDataReader reader)
    {
        using (reader)
        {
            var entries = new List<ReminderEntry>();
            while (reader.Read())
            {
                entries.Add(new(
                    GrainId.Parse(reader.GetString(0)),
                    reader.GetString(1),
                    new DateTimeOffset(reader.GetInt64(2), TimeSpan.Zero),
                    TimeSpan.FromTicks(reader.GetInt64(3)),
                    reader.GetString(4)));
            }

            return entries;
        }
    }
}
