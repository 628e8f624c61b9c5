using Quiver.Core.Jobs;
using Quiver.Core.Resilience;
using Quiver.Tests.Support;

namespace Quiver.Tests.Unit.Core.Jobs;

public sealed class IngestionPumpRetryTests
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Batch_TransientFault_IsTriedAgain()
    {
        using var rig = new PumpRig { Source = new ScriptedSource(1), Host = new ScriptedHost() };
        var run = rig.RunAsync();

        (await rig.Host.NextCallAsync()).Fail(new TransientException("flaky", "Flaky."));
        await ElapseAsync(rig, Long);
        (await rig.Host.NextCallAsync()).Succeed();

        Assert.Equal(PumpEnd.SourceEnded, await run.OrFailAsync("the pump"));
        Assert.Equal("flaky", Assert.Single(rig.Host.Stalls).Code);
    }

    [Fact]
    public async Task Batch_TransientFaultsUpToTheLimit_FailTheJobWithTheLastOne()
    {
        using var rig = new PumpRig { Source = new ScriptedSource(1), Host = new ScriptedHost() };
        var run = rig.RunAsync();

        for (var attempt = 1; attempt < rig.Settings.MaxAttempts; attempt++)
        {
            (await rig.Host.NextCallAsync()).Fail(new TransientException("flaky", "Flaky."));
            await ElapseAsync(rig, Long);
        }

        (await rig.Host.NextCallAsync()).Fail(new TransientException("flaky", "The last time."));

        var error = await Assert.ThrowsAsync<TransientException>(() => run.OrFailAsync("the pump"));
        Assert.Equal("The last time.", error.Message);
    }

    [Fact]
    public async Task Batch_Throttled_WaitsAsLongAsAskedAndUsesNoAttempt()
    {
        using var rig = new PumpRig { Source = new ScriptedSource(1), Host = new ScriptedHost() };
        var run = rig.RunAsync();

        for (var i = 0; i < 5 * rig.Settings.MaxAttempts; i++)
        {
            (await rig.Host.NextCallAsync()).Fail(new ThrottledException("too_many", "Slow down.") { RetryAfter = TimeSpan.FromSeconds(7) });
            await Patience.UntilAsync(() => rig.Time.PendingTimers > 0, "the batch waits");
            rig.Time.Advance(TimeSpan.FromSeconds(6.9));
            Assert.Equal(1, rig.Time.PendingTimers);
            rig.Time.Advance(TimeSpan.FromSeconds(0.1));
        }

        (await rig.Host.NextCallAsync()).Succeed();
        Assert.Equal(PumpEnd.SourceEnded, await run.OrFailAsync("the pump"));
    }

    [Fact]
    public async Task Batch_ThrottledWithoutATime_BacksOffFurtherEachTime()
    {
        using var rig = new PumpRig { Source = new ScriptedSource(1), Host = new ScriptedHost(), Random = new AlwaysAlmostOne() };
        var run = rig.RunAsync();

        foreach (var seconds in new[] { 1, 2, 4, 8, 8 })
        {
            (await rig.Host.NextCallAsync()).Fail(new ThrottledException("too_many", "Slow down."));
            await Patience.UntilAsync(() => rig.Time.PendingTimers > 0, "the batch waits");
            rig.Time.Advance(TimeSpan.FromSeconds(seconds * 0.98));
            Assert.Equal(1, rig.Time.PendingTimers);
            rig.Time.Advance(TimeSpan.FromSeconds(seconds * 0.02));
        }

        (await rig.Host.NextCallAsync()).Succeed();
        await run.OrFailAsync("the pump");
    }

    [Theory]
    [InlineData(-5)]
    [InlineData(1e9)]
    public async Task Batch_AbsurdRetryAfter_IsBounded(double seconds)
    {
        using var rig = new PumpRig { Source = new ScriptedSource(1), Host = new ScriptedHost() };
        var run = rig.RunAsync();

        (await rig.Host.NextCallAsync()).Fail(new ThrottledException("too_many", "Slow down.") { RetryAfter = TimeSpan.FromSeconds(seconds) });
        var again = rig.Host.NextCallAsync();
        await Patience.UntilAsync(() => again.IsCompleted || rig.Time.PendingTimers > 0, "the batch waits or continues");
        rig.Time.Advance(RetrySchedule.MaxRetryAfter);

        (await again.OrFailAsync("the next attempt")).Succeed();
        await run.OrFailAsync("the pump");
    }

    [Fact]
    public async Task Batch_PermanentFault_CommitsWhatIsInFlightAndThrows()
    {
        using var rig = new PumpRig { Source = new ScriptedSource(2), Host = new ScriptedHost() };
        var run = rig.RunAsync();
        var first = await rig.Host.NextCallAsync();
        var second = await rig.Host.NextCallAsync();

        second.Fail(new PermanentException("denied", "The key is wrong."));
        first.Succeed();

        var error = await Assert.ThrowsAsync<PermanentException>(() => run.OrFailAsync("the pump"));
        Assert.Equal("denied", error.Code);
        Assert.Equal(1, rig.Host.Checkpoints[^1].Cursor.NextOrdinal);
    }

    [Fact]
    public async Task Batch_PermanentFault_DoesNotWaitForTheBackoffOfOthers()
    {
        using var rig = new PumpRig { Source = new ScriptedSource(20), Host = new ScriptedHost() };
        var run = rig.RunAsync();
        var first = await rig.Host.NextCallAsync();
        var second = await rig.Host.NextCallAsync();
        first.Fail(new ThrottledException("too_many", "Slow down.") { RetryAfter = TimeSpan.FromMinutes(30) });
        await rig.Host.NextStallAsync();

        second.Fail(new PermanentException("denied", "The key is wrong."));

        await Assert.ThrowsAsync<PermanentException>(() => run.OrFailAsync("the pump"));
    }

    [Fact]
    public async Task Batch_UnknownFault_IsAnInternalErrorThatNamesIt()
    {
        using var rig = new PumpRig { Source = new ScriptedSource(1), Host = new ScriptedHost() };
        var run = rig.RunAsync();

        (await rig.Host.NextCallAsync()).Fail(new FormatException("Odd."));

        var error = await Assert.ThrowsAsync<PermanentException>(() => run.OrFailAsync("the pump"));
        Assert.Equal(ErrorCodes.Internal, error.Code);
        Assert.Contains("FormatException", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Batch_NoAnswerInTime_IsTriedAgain(bool cancelledByTheOtherSide)
    {
        using var rig = new PumpRig { Source = new ScriptedSource(1), Host = new ScriptedHost() };
        var run = rig.RunAsync();

        (await rig.Host.NextCallAsync()).Fail(cancelledByTheOtherSide ? new OperationCanceledException() : new TimeoutException());
        await ElapseAsync(rig, Long);
        (await rig.Host.NextCallAsync()).Succeed();

        Assert.Equal(PumpEnd.SourceEnded, await run.OrFailAsync("the pump"));
        Assert.Equal(ErrorCodes.Timeout, Assert.Single(rig.Host.Stalls).Code);
    }

    private static async Task ElapseAsync(PumpRig rig, TimeSpan time)
    {
        await Patience.UntilAsync(() => rig.Time.PendingTimers > 0, "the batch waits");
        rig.Time.Advance(time);
    }

    private sealed class AlwaysAlmostOne : Random
    {
        public override double NextDouble() => 0.9999;
    }
}
