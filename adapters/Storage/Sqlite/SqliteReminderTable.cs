using Microsoft.Data.Sqlite;
using Orleans;
using Orleans.Runtime;

namespace Quiver.Adapters.Storage.Sqlite;

/// <summary>Stores the reminders of one silo in SQLite.</summary>
/// <param name="database">A database with <see cref="SqliteGrainSchema"/>; the caller disposes it.</param>
/// <param name="ticks">
/// Whether reminders fire. If not, range reads return none: grains register and remove reminders as usual, and the next silo that runs jobs
/// fires them.
/// </param>
internal sealed class SqliteReminderTable(SqliteDatabase database, bool ticks) : IReminderTable
{
    private const string Columns = "SELECT grain, name, first_tick, period, etag FROM reminders ";

    public Task StartAsync(CancellationToken cancellationToken = default) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken = default) => Task.CompletedTask;

    public async Task<ReminderTableData> ReadRows(GrainId grainId) =>
        new(await database.ReadAsync(
            session => Read(session.Query(Columns + "WHERE grain = $grain ORDER BY name", ("$grain", grainId.ToString()))), CancellationToken.None));

    public async Task<ReminderTableData> ReadRows(uint begin, uint end)
    {
        if (!ticks)
        {
            return new([]);
        }

        var all = await database.ReadAsync(session => Read(session.Query(Columns + "ORDER BY grain, name")), CancellationToken.None);
        return new(all.Where(entry => IsWithin(entry.GrainId.GetUniformHashCode(), begin, end)));
    }

    public async Task<ReminderEntry?> ReadRow(GrainId grainId, string reminderName)
    {
        var found = await database.ReadAsync(
            session => Read(session.Query(Columns + "WHERE grain = $grain AND name = $name", ("$grain", grainId.ToString()), ("$name", reminderName))),
            CancellationToken.None);
        return found.FirstOrDefault();
    }

    public async Task<string?> UpsertRow(ReminderEntry entry)
    {
        entry.ETag = Guid.NewGuid().ToString("N");
        await database.WriteAsync(
            session =>
            {
                session.Execute(
                    "INSERT OR REPLACE INTO reminders (grain, name, first_tick, period, etag) VALUES ($grain, $name, $first, $period, $etag)",
                    ("$grain", entry.GrainId.ToString()),
                    ("$name", entry.ReminderName),
                    ("$first", entry.StartAt.Ticks),
                    ("$period", entry.Period.Ticks),
                    ("$etag", entry.ETag));
            },
            CancellationToken.None);
        return entry.ETag;
    }

    public Task<bool> RemoveRow(GrainId grainId, string reminderName, string eTag) =>
        database.WriteAsync(
            session => session.Execute(
                "DELETE FROM reminders WHERE grain = $grain AND name = $name AND etag = $etag",
                ("$grain", grainId.ToString()),
                ("$name", reminderName),
                ("$etag", eTag)) == 1,
            CancellationToken.None);

    public Task TestOnlyClearTable() => database.WriteAsync(static session => session.Execute("DELETE FROM reminders"), CancellationToken.None);

    /// <summary>Whether a hash is in the ring's range (<paramref name="begin"/>, <paramref name="end"/>]; equal ends are the whole ring.</summary>
    private static bool IsWithin(uint hash, uint begin, uint end) => begin < end ? hash > begin && hash <= end : hash > begin || hash <= end;

    private static List<ReminderEntry> Read(SqliteDataReader reader)
    {
        using (reader)
        {
            var entries = new List<ReminderEntry>();
            while (reader.Read())
            {
                entries.Add(new ReminderEntry
                {
                    GrainId = GrainId.Parse(reader.GetString(0), null),
                    ReminderName = reader.GetString(1),
                    StartAt = new DateTime(reader.GetInt64(2), DateTimeKind.Utc),
                    Period = TimeSpan.FromTicks(reader.GetInt64(3)),
                    ETag = reader.GetString(4),
                });
            }

            return entries;
        }
    }
}
