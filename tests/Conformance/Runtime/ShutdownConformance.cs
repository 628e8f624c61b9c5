using Orleans.Runtime;
using Quiver.Tests.Conformance.Runtime.Grains;

namespace Quiver.Tests.Conformance.Runtime;

/// <summary>Graceful stop.</summary>
public abstract class ShutdownConformance<TFixture> : RuntimeConformance<TFixture>
    where TFixture : RuntimeFixture, new()
{
    [Fact]
    public async Task Stop_WithACallRunning_LetsItEndAndTakesNoOther()
    {
        var grain = Client.GetGrain<ILifeGrain>("a");
        var running = grain.RunAsync("1");
        await Journal.WaitForAsync("1<");

        var stop = Host.StopAsync();

        Assert.False(stop.IsCompleted);
        Journal.Open("1");
        await Soon(running);
        await Soon(stop);
        await Assert.ThrowsAnyAsync<OrleansException>(() => Soon(grain.TouchAsync()));
        Assert.Equal(["a+1", "1<", "1>", "a-1 ShuttingDown"], Journal.Entries);
    }
}
