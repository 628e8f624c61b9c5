using Quiver.Tests.Conformance.Runtime.Grains;

namespace Quiver.Tests.Conformance.Runtime;

/// <summary>Activation, deactivation, idle collection.</summary>
public abstract class LifeConformance<TFixture> : RuntimeConformance<TFixture>
    where TFixture : RuntimeFixture, new()
{
    private static readonly TimeSpan Longer = RuntimeFixture.CollectionAge + TimeSpan.FromMinutes(2);

    [Fact]
    public async Task Deactivation_WithOneRunningAndOthersWaiting_IsInvisibleToCallers()
    {
        var grain = Client.GetGrain<ILifeGrain>("a");
        var running = grain.DeactivateAsync("1");
        await Journal.WaitForAsync("1<");
        var waiting = grain.TouchAsync();
        Journal.Open("1");

        await Soon(running);

        Assert.Equal(2, await Soon(waiting));
        Assert.Equal(["a+1", "1<", "1>", "a-1 ApplicationRequested", "a+2"], Journal.Entries);
    }

    [Fact]
    public async Task Call_DuringDeactivation_WaitsForTheNextActivation()
    {
        var grain = Client.GetGrain<ILifeGrain>("stubborn");
        Journal.Open("1");
        await Soon(grain.DeactivateAsync("1"));
        await Journal.WaitForAsync("stubborn-1 ApplicationRequested");
        var call = grain.TouchAsync();

        Journal.Open("deactivation");

        Assert.Equal(2, await Soon(call));
    }

    [Fact]
    public async Task Deactivation_TooLong_IsAbandoned()
    {
        var grain = Client.GetGrain<ILifeGrain>("stubborn");
        Journal.Open("1");
        await Soon(grain.DeactivateAsync("1"));
        await Journal.WaitForAsync("stubborn-1 ApplicationRequested");
        await Host.AdvanceAsync(TimeSpan.FromSeconds(20));
        var call = grain.TouchAsync();

        await Host.AdvanceAsync(TimeSpan.FromSeconds(12));

        Assert.Equal(2, await Soon(call));
        Journal.Open("deactivation");
    }

    [Fact]
    public async Task Deactivation_Throwing_IsIgnored()
    {
        var grain = Client.GetGrain<ILifeGrain>("throwing");
        Journal.Open("1");

        await Soon(grain.DeactivateAsync("1"));

        Assert.Equal(2, await Soon(grain.TouchAsync()));
    }

    [Fact]
    public async Task Activation_Failing_IsToldToAllWaitingAndTriedAgain()
    {
        var grain = Client.GetGrain<ILifeGrain>("fails once");
        var first = grain.TouchAsync();
        await Journal.WaitForAsync("fails once+1");
        var second = grain.TouchAsync();
        Journal.Open("activation");

        await Assert.ThrowsAsync<TestStateException>(() => Soon(first));
        await Assert.ThrowsAsync<TestStateException>(() => Soon(second));

        Assert.Equal(2, await Soon(grain.TouchAsync()));
        Assert.Equal(["fails once+1", "fails once+2"], Journal.Entries);
    }

    [Fact]
    public async Task Idle_LongEnough_IsDeactivated()
    {
        var grain = Client.GetGrain<ILifeGrain>("a");
        await Soon(grain.TouchAsync());

        await Host.AdvanceAsync(Longer);

        await Journal.WaitForAsync("a-1 ActivationIdle");
        Assert.Equal(2, await Soon(grain.TouchAsync()));
    }

    [Fact]
    public async Task Idle_NotLongEnough_Lives()
    {
        var grain = Client.GetGrain<ILifeGrain>("a");
        await Soon(grain.TouchAsync());
        await Host.AdvanceAsync(RuntimeFixture.CollectionAge - TimeSpan.FromMinutes(2));
        await Soon(grain.TouchAsync());

        await Host.AdvanceAsync(RuntimeFixture.CollectionAge - TimeSpan.FromMinutes(2));

        Assert.Equal(1, await Soon(grain.TouchAsync()));
    }

    [Fact]
    public async Task Idle_ButDelayed_Lives()
    {
        var grain = Client.GetGrain<ILifeGrain>("a");
        await Soon(grain.DelayAsync(TimeSpan.FromHours(1)));

        await Host.AdvanceAsync(Longer);

        Assert.Equal(1, await Soon(grain.TouchAsync()));
    }

    [Fact]
    public async Task Idle_WithRequestRunning_Lives()
    {
        var grain = Client.GetGrain<ILifeGrain>("a");
        var running = grain.RunAsync("1");
        await Journal.WaitForAsync("1<");

        await Host.AdvanceAsync(Longer);

        Journal.Open("1");
        await Assert.ThrowsAsync<TimeoutException>(() => Soon(running));
        Assert.Equal(1, await Soon(grain.TouchAsync()));
    }
}
