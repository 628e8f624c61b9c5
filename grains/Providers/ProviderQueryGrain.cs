using Orleans.Concurrency;
using Quiver.Core.Embedding;
using Quiver.GrainInterfaces.Providers;

namespace Quiver.Grains.Providers;

/// <summary>Lists and tests the providers.</summary>
[StatelessWorker(8)]
internal sealed class ProviderQueryGrain(ProviderProbe probe) : Grain, IProviderQueryGrain
{
    public Task<ImmutableArray<ProviderInfo>> ListAsync(CancellationToken cancellationToken = default) => Task.FromResult(probe.List());

    public Task<ProviderTest> TestAsync(ProviderTestRequest request, CancellationToken cancellationToken = default) =>
        probe.TestAsync(request, cancellationToken);
}
