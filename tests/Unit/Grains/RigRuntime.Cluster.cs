using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Hosting;
using Orleans.Reminders;
using Orleans.Runtime;
using Orleans.Runtime.Hosting;
using Orleans.Storage;
using Orleans.TestingHost;
using Quiver.Grains;
using Quiver.Silo.Hosting.Cluster;
using Quiver.Tests.Support;

namespace Quiver.Tests.Unit.Grains;

/// <summary>Two silos of Orleans in this process, their state in memory, placed as in production.</summary>
internal sealed class RigRuntime : IAsyncDisposable
{
    private readonly InProcessTestCluster _cluster;

    private RigRuntime(InProcessTestCluster cluster) => _cluster = cluster;

    public IGrainFactory Grains => _cluster.Client;

    /// <summary>A clock that a test moves; Orleans waits for other threads where its timers fire.</summary>
    public static ManualTimeProvider NewClock() => ManualTimeProvider.FiringOnPool();

    /// <summary>Starts it.</summary>
    /// <param name="addServices">Adds what the grains stand on, to each silo.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<RigRuntime> StartAsync(Action<IServiceCollection> addServices, CancellationToken cancellationToken)
    {
        var builder = new InProcessTestClusterBuilder(2);
        builder.ConfigureHost(host => host.Logging.ClearProviders());
        builder.ConfigureSilo((_, silo) =>
        {
            addServices(silo.Services);

            // The clock of the grains, but not of what the cluster needs for itself.
            silo.Services.UseTimeProviderForBackgroundAreas(TimeProvider.System);
            silo.Services.AddKeyedSingleton(ReminderTimeProviderNames.Reminders, static (services, _) => services.GetRequiredService<TimeProvider>());
            silo.AddMemoryGrainStorage(StreamNames.GrainStorage, static options => options.GrainStorageSerializer = new GrainStateSerializer());
            silo.AddPubSubStore();
            silo.AddMemoryStreams(StreamNames.Provider);
            silo.UseInMemoryReminderService();
            silo.Services.AddSingleton<PlacementStrategy, SlotPlacement>();
            silo.AddPlacementDirector<SlotPlacement, SlotPlacementDirector>();
        });
        builder.ConfigureClient(client => client.AddMemoryStreams(StreamNames.Provider));
        var cluster = builder.Build();
        await cluster.DeployAsync(cancellationToken);
        return new(cluster);
    }

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();
}
