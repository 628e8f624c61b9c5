using Orleans;
using Orleans.Runtime;
using Quiver.Adapters.Storage.Sqlite;

namespace Quiver.Tests.Unit.Adapters.Storage.Sqlite;

/// <summary>Reminders in a SQLite file.</summary>
public sealed class SqliteReminderTableTests : IAsyncLifetime
{
    private static readonly GrainId One = GrainId.Create("job", "acme/one");
    private static readonly GrainId Two = GrainId.Create("collection", "acme/two");
    private static readonly DateTime Noon = new(2026, 1, 2, 12, 0, 0, 123, DateTimeKind.Utc);

    private readonly TemporaryFolder _folder = new();
    private SqliteDatabase _database = null!;
    private SqliteReminderTable _table = null!;

    public ValueTask InitializeAsync()
    {
        _database = SqliteDatabase.Open(_folder.File("grains.db"), SqliteGrainSchema.Migrations);
        _table = new SqliteReminderTable(_database, ticks: true);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Reminder_WrittenAgain_ReplacesTheOldOne()
    {
        var first = await _table.UpsertRow(Entry(One, "wake"));
        var second = await _table.UpsertRow(Entry(One, "wake", TimeSpan.FromMinutes(2)));

        var read = await _table.ReadRow(One, "wake");

        Assert.NotEqual(first, second);
        Assert.NotNull(read);
        Assert.Equal((One, "wake", Noon, TimeSpan.FromMinutes(2), second), (read.GrainId, read.ReminderName, read.StartAt, read.Period, read.ETag));
        Assert.Equal(DateTimeKind.Utc, read.StartAt.Kind);
        Assert.False(await _table.RemoveRow(One, "wake", first!));
        Assert.True(await _table.RemoveRow(One, "wake", second!));
        Assert.Null(await _table.ReadRow(One, "wake"));
    }

    [Fact]
    public async Task Reminders_OfAGrain_AreItsOwnByName()
    {
        await _table.UpsertRow(Entry(One, "b"));
        await _table.UpsertRow(Entry(One, "a"));
        await _table.UpsertRow(Entry(Two, "c"));

        Assert.Equal(["a", "b"], (await _table.ReadRows(One)).Reminders.Select(static entry => entry.ReminderName));
    }

    [Fact]
    public async Task Reminders_OfARangeOfTheRing_AreThoseWithin()
    {
        await _table.UpsertRow(Entry(One, "a"));
        await _table.UpsertRow(Entry(Two, "b"));
        var (low, high) = (Math.Min(One.GetUniformHashCode(), Two.GetUniformHashCode()), Math.Max(One.GetUniformHashCode(), Two.GetUniformHashCode()));

        Assert.Equal(2, (await _table.ReadRows(0, 0)).Reminders.Count);
        Assert.Equal(high, Assert.Single((await _table.ReadRows(low, high)).Reminders).GrainId.GetUniformHashCode());
        Assert.Equal(low, Assert.Single((await _table.ReadRows(high, low)).Reminders).GrainId.GetUniformHashCode());
        Assert.Equal(2, (await _table.ReadRows(low - 1, high)).Reminders.Count);
    }

    [Fact]
    public async Task Reminders_OfASiloThatRunsNoJobs_AreKeptButNotShownToIt()
    {
        var quiet = new SqliteReminderTable(_database, ticks: false);
        await quiet.UpsertRow(Entry(One, "wake"));

        Assert.Empty((await quiet.ReadRows(0, 0)).Reminders);
        Assert.NotNull(await quiet.ReadRow(One, "wake"));
        Assert.Single((await _table.ReadRows(0, 0)).Reminders);
    }

    private static ReminderEntry Entry(GrainId grain, string name, TimeSpan? period = null) =>
        new() { GrainId = grain, ReminderName = name, StartAt = Noon, Period = period ?? TimeSpan.FromMinutes(1) };
}
