using Quiver.Tests.Conformance.Runtime.Grains;

namespace Quiver.Tests.Conformance.Runtime;

/// <summary>Activation and deactivation.</summary>
public abstract class LifeConformance<TFixture> : RuntimeConformance<TFixture>
    where TFixture : RuntimeFixture, new()
{
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
    public async Task Deactivation_Throwing_IsIgnored()
    {
        var grain = Client.GetGrain<ILifeGrain>("throwing");
        Journal.Open("1");

        await Soon(grain.DeactivateAsync("1"));

        Assert.Equal(2, await Soon(grain.TouchAsync()));
    }

    [Fact]
    public async Task Activation_Failing_IsToldToItsCallerAndTriedAgain()
    {
        var grain = Client.GetGrain<ILifeGrain>("fails once");
        var first = grain.TouchAsync();
        await Journal.WaitForAsync("fails once+1");
        var second = grain.TouchAsync();
        Journal.Open("activation");

        await Assert.ThrowsAsync<TestStateException>(() => Soon(first));

        // Whoever waits behind it is told as well, or served by the next one.
        await Soon(second.ContinueWith(static call => call, TaskScheduler.Default));
        Assert.True(second.IsCompletedSuccessfully || second.Exception!.InnerException is TestStateException, $"{second.Exception}");
        Assert.Equal(2, await Soon(grain.TouchAsync()));
        Assert.Equal(["fails once+1", "fails once+2"], Journal.Entries);
    }
}
