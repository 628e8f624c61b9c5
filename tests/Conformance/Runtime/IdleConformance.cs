using Quiver.Tests.Conformance.Runtime.Grains;

namespace Quiver.Tests.Conformance.Runtime;

/// <summary>
/// How long activations live and may take to end, by a clock that the tests move. Orleans keeps these times by one that nobody can move:
/// there they are tried with what its management offers.
/// </summary>
public abstract class IdleConformance<TFixture> : RuntimeConformance<TFixture>
    where TFixture : RuntimeFixture, new()
{
    private static readonly TimeSpan Longer = RuntimeFixture.CollectionAge + TimeSpan.FromMinutes(2);

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

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Timer_KeepAlive_DecidesWhetherTicksAreUse(bool keepAlive)
    {
        Journal.Open("t");
        await Soon(Client.GetGrain<ILifeGrain>("a").StartTimerAsync("t", TimeSpan.FromMinutes(4), TimeSpan.FromMinutes(4), keepAlive: keepAlive));
        for (var i = 1; i <= 5; i++)
        {
            await Host.AdvanceAsync(TimeSpan.FromMinutes(4));
            if (keepAlive || i <= 3) await Journal.WaitForAsync("t>", i);
        }

        Assert.Equal(keepAlive ? 1 : 2, await Soon(Client.GetGrain<ILifeGrain>("a").TouchAsync()));
    }

    [Fact]
    public async Task Workers_Idle_EndAndComeBack()
    {
        Journal.Open("1");
        await Soon(Client.GetGrain<IWorkerGrain>(0).WorkAsync("1"));
        await Host.AdvanceAsync(RuntimeFixture.CollectionAge + TimeSpan.FromMinutes(2));
        await Journal.WaitForAsync("worker 1 ended");

        Assert.Equal("done by 2", await Soon(Client.GetGrain<IWorkerGrain>(0).WorkAsync("1")));
    }
}
