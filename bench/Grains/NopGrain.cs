using Orleans;

namespace Quiver.Bench.Grains;

internal sealed class NopGrain : Grain, INopGrain
{
    public Task NopAsync() => Task.CompletedTask;
}
