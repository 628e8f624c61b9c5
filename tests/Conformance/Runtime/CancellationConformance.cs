using Quiver.Tests.Conformance.Runtime.Grains;

namespace Quiver.Tests.Conformance.Runtime;

/// <summary>Timeouts and cancellation across calls.</summary>
public abstract class CancellationConformance<TFixture> : RuntimeConformance<TFixture>
    where TFixture : RuntimeFixture, new()
{
    private ITurnGrain Grain => Client.GetGrain<ITurnGrain>("a");

    [Fact]
    public async Task Timeout_OfRunningCall_IsToldAndCalleeGoesOn()
    {
        var call = Grain.RunAsync("1");
        await Journal.WaitForAsync("1<");

        await Host.AdvanceAsync(RuntimeFixture.ResponseTimeout + TimeSpan.FromSeconds(2));

        await Assert.ThrowsAsync<TimeoutException>(() => Soon(call));
        Journal.Open("1");
        await Journal.WaitForAsync("1>");
        await Soon(Grain.NothingAsync());
    }

    [Fact]
    public async Task Timeout_BeforeItsTime_IsNotTold()
    {
        var call = Grain.RunAsync("1");
        await Journal.WaitForAsync("1<");

        await Host.AdvanceAsync(RuntimeFixture.ResponseTimeout - TimeSpan.FromSeconds(2));

        Assert.False(call.IsCompleted);
        Journal.Open("1");
        await Soon(call);
    }

    [Fact]
    public async Task Timeout_OfTheMethodItself_TakesPrecedence()
    {
        var call = Grain.RunBrieflyAsync("1");
        await Journal.WaitForAsync("1<");

        await Host.AdvanceAsync(TimeSpan.FromSeconds(7));

        await Assert.ThrowsAsync<TimeoutException>(() => Soon(call));
        Journal.Open("1");
    }

    [Fact]
    public async Task Timeout_OfWaitingCall_IsToldAndHoldsUpNobody()
    {
        var first = Grain.RunAsync("1");
        await Journal.WaitForAsync("1<");
        var second = Grain.RunAsync("2");
        await AdvanceUntilEndedAsync(second, TimeSpan.FromSeconds(5));
        await Assert.ThrowsAsync<TimeoutException>(() => Soon(second));
        await Assert.ThrowsAsync<TimeoutException>(() => Soon(first));

        // Whether it still runs is left to the runtime.
        Journal.Open("1");
        Journal.Open("2");
        await AdvanceUntilEndedAsync(Grain.NothingAsync(), TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task Cycle_OfCalls_EndsInTimeout()
    {
        var call = Grain.CallAsync("b", "c");
        await Journal.WaitForAsync("c'<");

        await AdvanceUntilEndedAsync(call, TimeSpan.FromSeconds(5));

        await Assert.ThrowsAsync<TimeoutException>(() => Soon(call));

        // The calls inside of it time out one by one.
        await AdvanceUntilEndedAsync(Grain.NothingAsync(), TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task Cancel_OfRunningCall_IsToldAtOnceAndReachesTheCalleeInTurn()
    {
        using var source = new CancellationTokenSource();
        var call = Grain.RunCancellableAsync("1", source.Token);
        await Journal.WaitForAsync("1<");

        await source.CancelAsync();

        var error = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Soon(call));
        Assert.Equal(source.Token, error.CancellationToken);
        Assert.Equal(TaskStatus.Canceled, call.Status);
        await Journal.WaitForAsync("1 in turn");
        await Journal.WaitForAsync("1>");
    }

    [Fact]
    public async Task Cancel_OfDeafCallee_IsToldAtOnce()
    {
        using var source = new CancellationTokenSource();
        var call = Grain.RunDeafAsync("1", source.Token);
        await Journal.WaitForAsync("1<");

        await source.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Soon(call));
        Journal.Open("1");
        await Journal.WaitForAsync("1>");
    }

    [Fact]
    public async Task Cancel_OfWaitingCall_NeverRunsUncancelled()
    {
        using var source = new CancellationTokenSource();
        var first = Grain.RunAsync("1");
        await Journal.WaitForAsync("1<");
        var second = Grain.RunCancellableAsync("2", source.Token);

        await source.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Soon(second));

        // Its cancellation is a message of its own, which goes before the next.
        Journal.Open("next");
        await Soon(Grain.InterleaveAsync("next"));
        Journal.Open("1");
        await Soon(first);
        await Soon(Grain.NothingAsync());
        Assert.Equal(Journal.Count("2<"), Journal.Count("2 in turn"));
    }

    [Fact]
    public async Task Cancel_BeforeTheCall_NeverRuns()
    {
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Soon(Grain.RunCancellableAsync("1", new CancellationToken(canceled: true))));

        await Soon(Grain.NothingAsync());
        Assert.Empty(Journal.Entries);
    }
}
