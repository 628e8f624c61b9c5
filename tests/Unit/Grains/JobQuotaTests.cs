using Quiver.Tests.Support;

namespace Quiver.Tests.Unit.Grains;

/// <summary>A job whose provider's quota is used up pauses until the quota resets.</summary>
public sealed class JobQuotaTests
{
    private static readonly TimeSpan Reset = TimeSpan.FromHours(8);

    private readonly ManualTimeProvider _time = RigRuntime.NewClock();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Job_QuotaUsedUp_PausesWithASentenceAndATime_AndContinuesByItselfThen()
    {
        await using var rig = await GrainRig.StartAsync(options => options.MaxRunningPerTenant = 1, _time);
        var paused = await PauseAsync(rig);
        var resumesAt = _time.GetUtcNow() + Reset;

        // Meanwhile another job has the tenant's slot.
        await rig.Job("j2").SubmitAsync(JobSamples.Spec(collection: "other"), Token);
        await rig.UntilAsync("j2", JobState.Completed);
        _time.Advance(Reset - TimeSpan.FromMinutes(1));
        await rig.Job("j1").WakeAsync(Token);
        var early = await rig.Job("j1").GetStatusAsync(Token);
        var done = await PassTimeAsync(rig, JobState.Completed);

        Assert.Equal((resumesAt, ErrorCodes.ProviderQuotaSpent), (paused.ResumesAt, paused.ErrorCode));
        Assert.Contains("The quota of the day is used up. The job continues by itself at 2026-01-01 08:00:00 UTC", paused.ErrorMessage, StringComparison.Ordinal);
        Assert.Equal((JobState.Paused, resumesAt), (early.State, early.ResumesAt));
        Assert.Equal((3L, null, null), (done.Counters.Documents, done.ErrorCode, done.ResumesAt));
        Assert.True(_time.GetUtcNow() >= resumesAt);
    }

    [Fact]
    public async Task Job_QuotaUsedUp_ContinuesEarlierWhenItIsResumed()
    {
        await using var rig = await GrainRig.StartAsync(time: _time);
        await PauseAsync(rig);

        await rig.Job("j1").ResumeAsync(Token);

        var done = await rig.UntilAsync("j1", JobState.Completed);
        Assert.Equal((3L, null), (done.Counters.Stored, done.ResumesAt));
    }

    [Fact]
    public async Task Job_QuotaUsedUp_AndTheClockSetBack_ContinuesNoLater()
    {
        await using var rig = await GrainRig.StartAsync(time: _time);
        await PauseAsync(rig);
        await rig.Job("j1").WakeAsync(Token);

        _time.ClockError = TimeSpan.FromHours(-1);
        _time.Advance(Reset - TimeSpan.FromMinutes(1));
        await rig.Job("j1").WakeAsync(Token);
        var early = await rig.Job("j1").GetStatusAsync(Token);
        _time.Advance(TimeSpan.FromMinutes(1));
        await rig.Job("j1").WakeAsync(Token);

        Assert.Equal(JobState.Paused, early.State);
        await rig.UntilAsync("j1", JobState.Completed);
    }

    [Fact]
    public async Task Job_QuotaUsedUp_AndPausedByCommand_WaitsForACommand()
    {
        await using var rig = await GrainRig.StartAsync(time: _time);
        await PauseAsync(rig);

        await rig.Job("j1").PauseAsync(Token);
        _time.Advance(Reset + TimeSpan.FromMinutes(5));
        await rig.Job("j1").WakeAsync(Token);

        var status = await rig.Job("j1").GetStatusAsync(Token);
        Assert.Equal((JobState.Paused, null), (status.State, status.ResumesAt));
        await rig.Job("j1").ResumeAsync(Token);
        await rig.UntilAsync("j1", JobState.Completed);
    }

    private static async Task<JobStatus> PauseAsync(GrainRig rig)
    {
        rig.Model.Faults.Enqueue(new ThrottledException(ErrorCodes.ProviderQuotaSpent, "The quota of the day is used up.") { RetryAfter = Reset });
        await rig.Job("j1").SubmitAsync(JobSamples.Spec(), Token);
        return await rig.UntilAsync("j1", JobState.Paused);
    }

    /// <summary>Moves the clock until the job is in a state.</summary>
    private async Task<JobStatus> PassTimeAsync(GrainRig rig, JobState state)
    {
        JobStatus? status = null;
        await Patience.UntilAsync(
            () =>
            {
                _time.Advance(TimeSpan.FromSeconds(1));
                return (status = rig.Find("j1"))?.State == state;
            },
            $"the job is {state}");
        return status!;
    }
}
