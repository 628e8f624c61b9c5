using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Quiver.Embedded.Hosting;
using Quiver.Grains.Collections;
using Quiver.Grains.Jobs;
using Quiver.Grains.Providers;
using Quiver.Grains.Tenants;
using Quiver.Grains.Workers;
using Quiver.Tests.Support;

namespace Quiver.Tests.Unit.Grains;

/// <summary>The embedded runtime with all grains, its state in memory.</summary>
internal sealed class RigRuntime : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    private RigRuntime(ServiceProvider services) => _services = services;

    public IGrainFactory Grains => _services.GetRequiredService<IGrainFactory>();

    /// <summary>A clock that a test moves; what is due happens before it goes on, so that no call's time is up unawares.</summary>
    public static ManualTimeProvider NewClock() => new();

    /// <summary>Starts it.</summary>
    /// <param name="addServices">Adds what the grains stand on.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<RigRuntime> StartAsync(Action<IServiceCollection> addServices, CancellationToken cancellationToken)
    {
        var services = new ServiceCollection();
        addServices(services);
        services.AddEmbeddedOrleans(silo => silo
            .AddMemoryGrainStorage(StreamNames.GrainStorage)
            .AddStreams(StreamNames.Provider)
            .AddGrain<IngestionJobGrain>()
            .AddGrain<EmbeddingWorkerGrain>()
            .AddGrain<CollectionGrain>()
            .AddGrain<CollectionQueryGrain>()
            .AddGrain<VectorCollectionGrain>()
            .AddGrain<ProviderBudgetGrain>()
            .AddGrain<ProviderQueryGrain>()
            .AddGrain<TenantGrain>()
            .AddGrain<TenantQueryGrain>());
        var runtime = new RigRuntime(services.BuildServiceProvider());
        await runtime._services.GetRequiredService<EmbeddedSilo>().StartAsync(cancellationToken);
        return runtime;
    }

    public async ValueTask DisposeAsync()
    {
        await _services.GetRequiredService<EmbeddedSilo>().StopAsync(CancellationToken.None);
        await _services.DisposeAsync();
    }
}
