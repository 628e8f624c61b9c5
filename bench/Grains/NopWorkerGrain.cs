using Orleans;
using Orleans.Concurrency;

namespace Quiver.Bench.Grains;

[StatelessWorker(2)]
internal sealed class NopWorkerGrain : Grain, INopWorkerGrain
{
    public Task NopAsync() => Task.CompletedTask;
}
