using Orleans.Concurrency;
using Quiver.GrainInterfaces.Providers;
using Quiver.Pipeline.Embedding;

namespace Quiver.Grains.Providers;

/// <summary>Shows the providers and tries them.</summary>
[StatelessWorker(8)]
internal sealed class ProviderQueryGrain(ProviderProbe probe) : Grain, IProviderQueryGrain
{
    public Task<ImmutableArray<ProviderInfo>> ListAsync(CancellationToken cancellationToken = default) => Task.FromResult(probe.List());

    public Task<ProviderTest> TestAsync(ProviderTestRequest request, CancellationToken cancellationToken = default) => probe.TestAsync(request, cancellationToken);
}
