using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Quiver.Adapters.Artifacts;
using Quiver.Core.Artifacts;
using Quiver.Core.Jobs;
using Quiver.Core.Resilience;
using Quiver.Silo.Hosting;
using Quiver.Tests.Support;

namespace Quiver.Tests.Unit.Grains;

/// <summary>Jobs that ended are deleted, and nothing else is.</summary>
public sealed class JobPurgeTests : IDisposable
{
    private static readonly JobKey Key = JobKey.Parse("acme/j1");

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Purge_JobThatEnded_LeavesNothingOfItButWhatItStored()
    {
        await using var rig = await GrainRig.StartAsync();
        await rig.Tenant().ReserveAsync(Key.Job, "token", Token);
        await rig.Job("j1").SubmitAsync(JobSamples.Spec() with { IdempotencyToken = "token" }, Token);
        await rig.UntilAsync("j1", JobState.Completed);

        Assert.True(await rig.Job("j1").PurgeAsync(Token));

        await Assert.ThrowsAsync<NotFoundException>(() => rig.Job("j1").GetStatusAsync(Token));
        Assert.Null(rig.Find("j1"));
        Assert.Empty(await rig.Ledger.ReadEventsAsync(Key, 0, 1000, Token));
        Assert.Equal("j2", (await rig.Tenant().ReserveAsync(JobId.Parse("j2"), "token", Token)).Value);
        Assert.Equal(3, (await rig.Collection().GetInfoAsync(Token)).Documents);
        Assert.True(await rig.Job("j1").PurgeAsync(Token));
    }

    [Fact]
    public async Task Purge_JobThatRuns_ChangesNothing()
    {
        await using var rig = await GrainRig.StartAsync();
        var gate = new TaskCompletionSource();
        rig.Factory.Sources["/data"] = new ScriptedSource(3) { Wait = (1, gate.Task) };
        await rig.Job("j1").SubmitAsync(JobSamples.Spec(), Token);

        Assert.False(await rig.Job("j1").PurgeAsync(Token));

        gate.SetResult();
        await rig.UntilAsync("j1", JobState.Completed);
    }

    [Fact]
    public async Task Purge_LedgerDownInTheMiddle_IsDoneTheNextTime()
    {
        await using var rig = await GrainRig.StartAsync();
        await rig.Job("j1").SubmitAsync(JobSamples.Spec(), Token);
        await rig.UntilAsync("j1", JobState.Completed);
        rig.Faults.OnStep = step => step == "before delete job" ? throw new TransientException("down", "The ledger is down.") : Task.CompletedTask;
        await Assert.ThrowsAsync<TransientException>(() => rig.Job("j1").PurgeAsync(Token));
        rig.Faults.OnStep = null;

        Assert.Equal(0, await Retention(rig, keep: 1).PurgeAsync(Token));
        Assert.Equal(1, await Retention(rig, keep: 1, keepFor: TimeSpan.Zero).PurgeAsync(Token));

        Assert.Null(rig.Find("j1"));
    }

    [Fact]
    public async Task Retention_MoreJobsThanAreKept_ForgetsTheOldest()
    {
        await using var rig = await GrainRig.StartAsync();
        foreach (var id in new[] { "j1", "j2", "j3" })
        {
            await rig.Job(id).SubmitAsync(JobSamples.Spec(), Token);
            await rig.UntilAsync(id, JobState.Completed);
        }

        foreach (var id in new[] { "j1", "j3" })
        {
            await Artifacts.PutAsync(ArtifactName.OfJob(JobKey.Parse($"acme/{id}"), "report.json"), static async (stream, token) => await stream.WriteAsync(new byte[1], token), Token);
        }

        Assert.Equal(2, await Retention(rig, keep: 1).PurgeAsync(Token));

        Assert.Equal("acme/jobs/j3/report.json", Assert.Single((await Artifacts.ListAsync("acme/", null, 10, Token)).Items).Name.Value);
        Assert.Null(rig.Find("j1"));
        Assert.Null(rig.Find("j2"));
        Assert.Equal(JobState.Completed, (await rig.Job("j3").GetStatusAsync(Token)).State);
    }

    [Fact]
    public async Task Retention_ClockSetForward_ForgetsNothingEarly()
    {
        var time = RigRuntime.NewClock();
        await using var rig = await GrainRig.StartAsync(time: time);
        var clock = new DeletionClock(time);
        await rig.Job("j1").SubmitAsync(JobSamples.Spec(), Token);
        await rig.UntilAsync("j1", JobState.Completed);
        time.ClockError = TimeSpan.FromHours(1);

        var early = await Retention(rig, keep: 10, TimeSpan.FromMinutes(30), clock).PurgeAsync(Token);
        time.Advance(TimeSpan.FromMinutes(31));
        var due = await Retention(rig, keep: 10, TimeSpan.FromMinutes(30), clock).PurgeAsync(Token);

        Assert.Equal((0, 1), (early, due));
    }

    private IArtifactStore Artifacts => new DirectoryArtifactStore(
        Options.Create(new ArtifactOptions { Directory = _folder.At("artifacts") }), new ArtifactTokens(static () => new byte[32], TimeProvider.System));

    private JobRetention Retention(GrainRig rig, int keep, TimeSpan? keepFor = null, DeletionClock? clock = null) => new(
        rig.Ledger,
        rig.Grains,
        Artifacts,
        Options.Create(new JobOptions { KeepFinished = keep, KeepFinishedFor = keepFor ?? TimeSpan.FromDays(1) }),
        clock ?? new DeletionClock(TimeProvider.System),
        TimeProvider.System,
        NullLogger<JobRetention>.Instance);
}
