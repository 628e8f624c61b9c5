namespace Quiver.Tests.Conformance.Ledger;

public abstract partial class LedgerConformance
{
    [Fact]
    public async Task Jobs_BeyondThoseToKeep_AreExpiredOldestFirst()
    {
        for (var minute = 0; minute < 5; minute++)
        {
            await Ledger.SaveJobAsync(Ended($"j{minute}", minute), Cancel);
            await Ledger.SaveJobAsync(Job($"r{minute}", state: JobState.Paused, minute: minute), Cancel);
        }

        await Ledger.SaveJobAsync(Ended("one", 0, Other), Cancel);

        Assert.Equal([Key("j0"), Key("j1")], await Ledger.ListExpiredJobsAsync(3, Noon, 1000, Cancel));
        Assert.Equal([Key("j0")], await Ledger.ListExpiredJobsAsync(3, Noon, 1, Cancel));
        Assert.Empty(await Ledger.ListExpiredJobsAsync(5, Noon, 1000, Cancel));
    }

    [Fact]
    public async Task Jobs_EndedTooLongAgo_AreExpiredWheneverTheyBegan()
    {
        await Ledger.SaveJobAsync(Ended("short", 1), Cancel);
        await Ledger.SaveJobAsync(Ended("long", 0) with { FinishedAt = Noon.AddDays(2) }, Cancel);
        await Ledger.SaveJobAsync(Job("open"), Cancel);

        Assert.Equal([Key("short")], await Ledger.ListExpiredJobsAsync(100, Noon.AddDays(1), 1000, Cancel));
    }

    [Fact]
    public async Task Job_Deleted_LeavesNothingAndTouchesNoOther()
    {
        foreach (var key in new[] { Key("one"), Key("two"), Key("one", Other) })
        {
            await Ledger.SaveJobAsync(Ended(key.Job.Value, 0, key.Tenant), Cancel);
            await Ledger.AppendEventsAsync(key, Events(1, 2), Cancel);
            await Ledger.SaveFailuresAsync(key, [Failure(1), Failure(7)], Cancel);
        }

        await Ledger.DeleteJobAsync(Key("one"), Cancel);
        await Ledger.DeleteJobAsync(Key("one"), Cancel);

        Assert.Null(await Ledger.FindJobAsync(Key("one"), Cancel));
        Assert.Empty(await Ledger.ReadEventsAsync(Key("one"), 0, 1000, Cancel));
        Assert.Empty((await Ledger.ListFailuresAsync(Key("one"), null, 1000, Cancel)).Items);
        foreach (var key in new[] { Key("two"), Key("one", Other) })
        {
            Assert.NotNull(await Ledger.FindJobAsync(key, Cancel));
            Assert.Equal(2, (await Ledger.ReadEventsAsync(key, 0, 1000, Cancel)).Count);
            Assert.Equal(2, (await Ledger.ListFailuresAsync(key, null, 1000, Cancel)).Items.Length);
        }
    }

    private static JobStatus Ended(string id, int minute, TenantId? tenant = null) =>
        Job(id, tenant, JobState.Completed, minute: minute) with { FinishedAt = Noon.AddMinutes(minute + 1) };
}
