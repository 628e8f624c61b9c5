using Orleans.Runtime;
using Quiver.Tests.Conformance.Runtime.Grains;

namespace Quiver.Tests.Conformance.Runtime.Embedded;

/// <summary>
/// Calls while the embedded runtime stops. Jobs rely on them there only: in a cluster they have drained before the silo begins to stop.
/// </summary>
public sealed class EmbeddedShutdownTests : RuntimeConformance<EmbeddedMemoryFixture>
{
    [Fact]
    public async Task Stop_WithWaitingCalls_FailsThem()
    {
        var grain = Client.GetGrain<ILifeGrain>("a");
        var running = grain.RunAsync("1");
        await Journal.WaitForAsync("1<");
        var waiting = grain.RunAsync("2");

        var stop = Host.StopAsync();

        await Assert.ThrowsAnyAsync<OrleansException>(() => Soon(waiting));
        await Assert.ThrowsAnyAsync<OrleansException>(() => Soon(grain.TouchAsync()));
        Journal.Open("1");
        await Soon(running);
        await Soon(stop);
    }

    [Fact]
    public async Task Stop_WithGrainThatCallsWhileItEnds_LetsItCall()
    {
        await Soon(Client.GetGrain<ILifeGrain>("caller").TouchAsync());
        var stop = Host.StopAsync();
        await Journal.WaitForAsync("last<");

        Journal.Open("last");

        await Soon(stop);
        Assert.Contains("worker says done by 1", Journal.Entries);
        Assert.Contains("worker 1 ended", Journal.Entries);
    }

    [Fact]
    public async Task Stop_WithWorkerBusyForAnEndingGrain_LetsTheWorkerEnd()
    {
        var work = Client.GetGrain<IWorkerGrain>(0).WorkAsync("1");
        await Journal.WaitForAsync("1<");
        await Soon(Client.GetGrain<ILifeGrain>("caller").TouchAsync());
        var stop = Host.StopAsync();
        await Journal.WaitForAsync("last<");

        Journal.Open("1");
        Journal.Open("last");

        Assert.Equal("done by 1", await Soon(work));
        await Soon(stop);
        Assert.Single(Journal.Entries, entry => entry.StartsWith("worker says", StringComparison.Ordinal));
    }
}
