using Quiver.Tests.Support;

namespace Quiver.Tests.Unit.Grains;

/// <summary>The time that a job waits counts in its report, apart from the time that it works.</summary>
public sealed class JobWaitTests
{
    private static readonly TimeSpan Wait = TimeSpan.FromMinutes(8);

    private readonly ManualTimeProvider _time = RigRuntime.NewClock();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Job_ThatWaitsForItsProvider_ShowsTheWaitWhileItLastsAndAfterwards()
    {
        await using var rig = await GrainRig.StartAsync(time: _time);
        await StartWaitingAsync(rig);
        _time.Advance(Wait / 2);

        var waiting = await rig.Job("j1").GetStatusAsync(Token);
        JobStatus? done = null;
        await Patience.UntilAsync(
            () =>
            {
                _time.Advance(TimeSpan.FromSeconds(1));
                return (done = rig.Find("j1"))?.State == JobState.Completed;
            },
            "the job is completed");

        Assert.Equal((Wait / 2, Wait / 2, TimeSpan.Zero), (waiting.Elapsed, waiting.Waiting, waiting.Working));
        Assert.Equal((0d, null), (waiting.DocumentsPerSecond, waiting.TimeLeft));
        Assert.InRange(done!.Waiting, Wait, done.Elapsed);
        Assert.Null(done.DocumentsPerSecond);
    }

    [Fact]
    public async Task Job_PausedWhileItWaits_KeepsTheTimes()
    {
        await using var rig = await GrainRig.StartAsync(time: _time);
        await StartWaitingAsync(rig);
        _time.Advance(Wait / 2);

        await rig.Job("j1").PauseAsync(Token);

        await Patience.UntilAsync(() => rig.Find("j1") is { State: JobState.Paused, Elapsed.Ticks: > 0 }, "the times are saved");
        Assert.Equal((Wait / 2, Wait / 2), (rig.Find("j1")!.Elapsed, rig.Find("j1")!.Waiting));
        _time.Advance(Wait);
        await rig.Job("j1").ResumeAsync(Token);
        var done = await rig.UntilAsync("j1", JobState.Completed);
        Assert.Equal((Wait / 2, Wait / 2), (done.Elapsed, done.Waiting));
    }

    private static async Task StartWaitingAsync(GrainRig rig)
    {
        rig.Model.Faults.Enqueue(new ThrottledException(ErrorCodes.ProviderThrottled, "Slow down.") { RetryAfter = Wait });
        await rig.Job("j1").SubmitAsync(JobSamples.Spec(), Token);
        await Patience.UntilAsync(async () => (await rig.Job("j1").GetStatusAsync(Token)).StalledBecause is not null, "the job waits");
    }
}
