using Orleans;
using Orleans.Runtime;
using Quiver.Tests.Conformance.Runtime.Grains;

namespace Quiver.Tests.Conformance.Runtime.Cluster;

/// <summary>What is idle ends, and what is not lives, when Orleans is told to collect.</summary>
public sealed class ClusterIdleTests : RuntimeConformance<ClusterMemoryFixture>
{
    private ILifeGrain Grain => Client.GetGrain<ILifeGrain>("a");

    [Fact]
    public async Task Idle_IsDeactivatedAndComesBack()
    {
        await Soon(Grain.TouchAsync());

        await CollectAsync();

        await Journal.WaitForAsync("a-1 ActivationIdle");
        Assert.Equal(2, await Soon(Grain.TouchAsync()));
    }

    [Fact]
    public async Task Idle_ButDelayed_Lives()
    {
        await Soon(Grain.DelayAsync(TimeSpan.FromHours(1)));

        await CollectAsync();

        Assert.Equal(1, await Soon(Grain.TouchAsync()));
    }

    [Fact]
    public async Task Idle_WithRequestRunning_Lives()
    {
        var running = Grain.RunAsync("1");
        await Journal.WaitForAsync("1<");

        await CollectAsync();

        Journal.Open("1");
        await Soon(running);
        Assert.Equal(1, await Soon(Grain.TouchAsync()));
    }

    private Task CollectAsync() => Soon(Client.GetGrain<IManagementGrain>(0).ForceActivationCollection(TimeSpan.Zero));
}
