using Quiver.Tests.Support;

namespace Quiver.Tests.Unit.Grains;

/// <summary>What collections do as time goes by.</summary>
public sealed class CollectionTimeTests
{
    private const int Seconds = 3600;
    private const int PollsPerRound = 2000;

    private static readonly CollectionSettings Dedicated = new() { Dedicated = true };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Collection_ThatRetainsForATime_ForgetsWhatIsOlderAndStoresItAgain()
    {
        var time = RigRuntime.NewClock();
        await using var rig = await GrainRig.StartAsync(time: time);
        await rig.Collection().CreateAsync(new() { RetainFor = TimeSpan.FromMinutes(10) }, Token);
        await rig.Job("j1").SubmitAsync(JobSamples.Spec(), Token);
        await rig.UntilAsync("j1", JobState.Completed);
        var binding = await rig.Collection().GetBindingAsync(Token);
        Assert.Equal(3, rig.Store.All(binding.PhysicalCollection, binding.Key).Count);

        // Jobs that come more often than the reminder must not put it off.
        for (var job = 0; job < 5; job++)
        {
            time.Advance(TimeSpan.FromMinutes(5));
            await rig.Collection().BindAsync(rig.Model.Info.Id, HashModel.Dimensions, cancellationToken: Token);
        }

        await PassTimeAsync(rig, time, _ => rig.Store.All(binding.PhysicalCollection, binding.Key).Count == 0);
        await Patience.UntilAsync(() => rig.Ledger.CountAsync(binding.Key, Token).GetAwaiter().GetResult().Documents == 0, "the ledger has forgotten them");
        await rig.Job("j2").SubmitAsync(JobSamples.Spec(), Token);
        var again = await rig.UntilAsync("j2", JobState.Completed);

        Assert.Equal((3, 0), (again.Counters.Stored, again.Counters.Unchanged));
    }

    [Fact]
    public async Task Collection_ThatRetainsForATime_ForgetsNothingEarlyWhenTheClockIsSetForward()
    {
        var time = RigRuntime.NewClock();
        await using var rig = await GrainRig.StartAsync(time: time, collections: options => options.RetentionInterval = TimeSpan.FromMinutes(2));
        await rig.Collection().CreateAsync(new() { RetainFor = TimeSpan.FromMinutes(30) }, Token);
        await rig.Job("j1").SubmitAsync(JobSamples.Spec(), Token);
        await rig.UntilAsync("j1", JobState.Completed);
        var binding = await rig.Collection().GetBindingAsync(Token);
        List<(TimeSpan Passed, int Points)> seen = [];
        var start = time.GetTimestamp();
        time.ClockError = TimeSpan.FromHours(1);

        await PassTimeAsync(rig, time, _ =>
        {
            seen.Add((time.GetElapsedTime(start), rig.Store.All(binding.PhysicalCollection, binding.Key).Count));
            return seen[^1].Points == 0;
        });

        Assert.All(seen.Where(static step => step.Passed < TimeSpan.FromMinutes(30)), static step => Assert.Equal(3, step.Points));
    }

    [Fact]
    public async Task Change_WhoseAnswerIsLost_IsToldAgainUntilItHolds()
    {
        var time = RigRuntime.NewClock();
        await using var rig = await GrainRig.StartAsync(time: time);
        await rig.Collection().CreateAsync(Dedicated, Token);
        var attempts = 0;
        rig.Faults.OnStep = step => step == "after change" && ++attempts < 3 ? throw new TransientException(ErrorCodes.Timeout, "No answer.") : Task.CompletedTask;

        var asked = await rig.Collection().ChangeAsync(new() { Storage = new() { Replicas = 2 } }, Token);
        var info = await PassTimeAsync(rig, time, static info => info.Pending is null);

        Assert.Equal((2, "No answer."), (asked.Pending?.Storage?.Replicas, asked.PendingFault));
        Assert.Equal((3, 2, (string?)null), (attempts, info.Settings?.Storage?.Replicas, info.PendingFault));
    }

    /// <summary>
    /// Moves the clock until a condition holds: second by second for a while, no faster than the collection answers, then hardly at all, because
    /// what came due may still be running and set timers of its own; and again, because a tick may have been missed.
    /// </summary>
    private static async Task<CollectionInfo> PassTimeAsync(GrainRig rig, ManualTimeProvider time, Func<CollectionInfo, bool> until)
    {
        var info = await rig.Collection().GetInfoAsync(Token);
        var polls = 0;
        await Patience.UntilAsync(
            async () =>
            {
                for (var second = 0; polls % PollsPerRound == 0 && second < Seconds && !until(info); second++)
                {
                    time.Advance(TimeSpan.FromSeconds(1));
                    info = await rig.Collection().GetInfoAsync(Token);
                }

                polls++;
                time.Advance(TimeSpan.FromMilliseconds(10));
                return until(info = await rig.Collection().GetInfoAsync(Token));
            },
            "time has brought it about");
        return info;
    }
}
