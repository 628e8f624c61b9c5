using System.Data;
using Quiver.Tests.Services;

namespace Quiver.Tests.Integration.Storage.Postgres;

/// <summary>What Orleans' AdoNet reminder service expects of its table.</summary>
public sealed class OrleansRemindersTests(PostgresServices services) : OrleansTables(services)
{
    private static readonly DateTime Noon = new(2026, 1, 2, 12, 0, 0, 123, DateTimeKind.Utc);

    [Fact]
    public async Task Reminder_SetTwice_IsOneWithAHigherVersion()
    {
        Assert.Equal(0, await SetAsync("job/one", "watchdog", period: 60_000));
        Assert.Equal(1, await SetAsync("job/one", "watchdog", period: 50L * 24 * 3600 * 1000));
        Assert.Equal(0, await SetAsync("job/one", "other"));

        var row = Assert.Single(await Queries.ReadAsync("ReadReminderRowKey", [.. Grain("job/one"), ("ReminderName", DbType.String, "watchdog")]));
        Assert.Equal(("job/one", "watchdog", Noon, 50L * 24 * 3600 * 1000, 1), (row("GrainId"), row("ReminderName"), row("StartTime"), row("Period"), row("Version")));
        Assert.Equal(2, (await Queries.ReadAsync("ReadReminderRowsKey", Grain("job/one"))).Count);
        Assert.Empty(await Queries.ReadAsync("ReadReminderRowKey", [.. Grain("job/two"), ("ReminderName", DbType.String, "watchdog")]));
    }

    [Fact]
    public async Task Ranges_OfTheRing_GiveThoseBehindTheBeginUpToTheEnd()
    {
        foreach (var hash in new uint[] { 0, 5, 10, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF })
        {
            await SetAsync($"job/{hash:x}", "watchdog", hash: hash);
        }

        await SetAsync("job/7", "watchdog", hash: 7, service: "other");

        Assert.Equal(["job/5", "job/a"], await RangeAsync(0, 10));
        Assert.Equal(["job/0", "job/5", "job/ffffffff"], await RangeAsync(0x80000000, 5));
        Assert.Equal(["job/7fffffff", "job/80000000"], await RangeAsync(10, 0x80000000));
        Assert.Equal(["job/0", "job/5", "job/7fffffff", "job/80000000", "job/a", "job/ffffffff"], await RangeAsync(10, 10));
    }

    [Fact]
    public async Task Reminder_RemovedWithAnOldVersion_Stays()
    {
        await SetAsync("job/one", "watchdog");
        await SetAsync("job/one", "watchdog");

        Assert.False(await RemoveAsync("job/one", "watchdog", 0));
        Assert.True(await RemoveAsync("job/one", "watchdog", 1));
        Assert.False(await RemoveAsync("job/one", "watchdog", 1));
    }

    [Fact]
    public async Task Clearing_OfAService_LeavesTheOther()
    {
        await SetAsync("job/one", "watchdog");
        await SetAsync("job/one", "watchdog", service: "other");

        await Queries.ExecuteAsync("DeleteReminderRowsKey", ("ServiceId", DbType.String, "quiver"));

        Assert.Equal(["other"], await Schema.ListAsync("SELECT ServiceId FROM OrleansRemindersTable WHERE ServiceId <> ''"));
    }

    [Fact]
    public async Task GrainId_OfTheLongestKeys_Fits()
    {
        var longest = "ingestionjob/" + new string('t', NameValidator.MaxLength) + "/" + new string('j', NameValidator.MaxLength);

        Assert.Equal(0, await SetAsync(longest + longest, "watchdog"));
    }

    private static (string Name, DbType Type, object? Value)[] Grain(string grain, string service = "quiver") =>
        [("ServiceId", DbType.String, service), ("GrainId", DbType.AnsiString, grain)];

    private async Task<int> SetAsync(string grain, string name, long period = 60_000, uint hash = 1, string service = "quiver") =>
        (int)Assert.Single(await Queries.ReadAsync(
            "UpsertReminderRowKey",
            [
                .. Grain(grain, service), ("GrainHash", DbType.Int32, unchecked((int)hash)), ("ReminderName", DbType.String, name), ("StartTime", DbType.DateTime, Noon),
                period <= int.MaxValue ? ("Period", DbType.Int32, (int)period) : ("Period", DbType.Int64, period),
            ]))("Version")!;

    private Task<bool> RemoveAsync(string grain, string name, int version) =>
        Queries.DecideAsync("DeleteReminderRowKey", [.. Grain(grain), ("ReminderName", DbType.String, name), ("Version", DbType.Int32, version)]);

    /// <summary>The provider chooses between the two by comparing the bounds as signed numbers.</summary>
    private async Task<IEnumerable<string?>> RangeAsync(uint begin, uint end)
    {
        var (from, to) = (unchecked((int)begin), unchecked((int)end));
        var rows = await Queries.ReadAsync(
            from < to ? "ReadRangeRows1Key" : "ReadRangeRows2Key", ("ServiceId", DbType.String, "quiver"), ("BeginHash", DbType.Int32, from), ("EndHash", DbType.Int32, to));
        return rows.Select(row => (string?)row("GrainId")).Order(StringComparer.Ordinal);
    }
}
