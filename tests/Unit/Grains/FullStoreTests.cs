using Quiver.Tests.Support;

namespace Quiver.Tests.Unit.Grains;

/// <summary>Jobs whose grain state, ledger or vectors cannot be stored because a disk is full.</summary>
public sealed class FullStoreTests
{
    private static readonly PermanentException Full = new(ErrorCodes.StorageFull, "The disk is full.");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Job_StateCannotBeSaved_PausesAnswersAndIsSavedWhenThereIsSpace()
    {
        var clock = RigRuntime.NewClock();
        await using var rig = await StartAsync(clock, out var gate);
        rig.Storage.Fault = Full;
        gate.SetResult();

        var paused = await UntilAsync(rig, JobState.Paused);
        var ledger = rig.Find("j1");
        rig.Storage.Fault = null;
        await Patience.UntilAsync(
            async () =>
            {
                clock.Advance(TimeSpan.FromSeconds(5));
                return (await rig.Job("j1").GetStatusAsync(Token)).StalledBecause is null && rig.Find("j1")?.State == JobState.Paused;
            },
            "the paused state is saved and published");
        await rig.Job("j1").ResumeAsync(Token);
        var completed = await rig.UntilAsync("j1", JobState.Completed);

        Assert.Equal(ErrorCodes.StorageFull, paused.ErrorCode);
        Assert.Contains("not saved yet", paused.StalledBecause, StringComparison.Ordinal);
        Assert.Equal(JobState.Running, ledger!.State);
        Assert.Equal(6, completed.Counters.Stored);
    }

    [Fact]
    public async Task Cancel_StateCannotBeSaved_StopsTheJobAndStaysCancelled()
    {
        var clock = RigRuntime.NewClock();
        await using var rig = await StartAsync(clock, out var gate);
        rig.Storage.Fault = Full;

        var cancelled = await rig.Job("j1").CancelAsync(Token);
        var refused = await Assert.ThrowsAsync<PermanentException>(() => rig.Job("j2").SubmitAsync(JobSamples.Spec(), Token));
        rig.Storage.Fault = null;
        gate.SetResult();
        await Patience.UntilAsync(
            () =>
            {
                clock.Advance(TimeSpan.FromSeconds(5));
                return rig.Find("j1")?.State == JobState.Cancelled;
            },
            "the cancelled state is saved and published");

        Assert.Equal(JobState.Cancelled, cancelled.State);
        Assert.Equal(ErrorCodes.StorageFull, refused.Code);
        Assert.Equal(JobState.Cancelled, (await rig.Job("j1").GetStatusAsync(Token)).State);
    }

    [Theory]
    [InlineData("before upsert")]
    [InlineData("before begin")]
    [InlineData("before commit")]
    public async Task Job_StoreIsFull_PausesAndContinuesToTheSameCount(string step)
    {
        await using var rig = await GrainRig.StartAsync();
        var full = true;
        rig.Faults.OnStep = name => full && name == step ? throw Full : Task.CompletedTask;
        await rig.Job("j1").SubmitAsync(JobSamples.Spec(), Token);

        var paused = await rig.UntilAsync("j1", JobState.Paused);
        full = false;
        await rig.Job("j1").ResumeAsync(Token);
        var completed = await rig.UntilAsync("j1", JobState.Completed);

        Assert.Equal(ErrorCodes.StorageFull, paused.ErrorCode);
        Assert.Equal((3, 3), (completed.Counters.Stored, completed.Counters.Documents));
    }

    /// <summary>A running job of six documents that waits in front of the fourth.</summary>
    private static Task<GrainRig> StartAsync(TimeProvider clock, out TaskCompletionSource gate)
    {
        var wait = gate = new TaskCompletionSource();
        return OpenAsync();

        async Task<GrainRig> OpenAsync()
        {
            var rig = await GrainRig.StartAsync(static options => options.BatchDocuments = 1, clock);
            rig.Factory.Sources["/data"] = new ScriptedSource(6) { Wait = (3, wait.Task) };
            await rig.Job("j1").SubmitAsync(JobSamples.Spec(), Token);
            await rig.UntilAsync("j1", JobState.Running);
            return rig;
        }
    }

    private static async Task<JobStatus> UntilAsync(GrainRig rig, JobState state)
    {
        JobStatus? status = null;
        await Patience.UntilAsync(async () => (status = await rig.Job("j1").GetStatusAsync(Token)).State == state, $"the job is {state}");
        return status!;
    }
}
