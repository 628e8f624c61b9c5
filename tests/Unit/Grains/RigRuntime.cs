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
using Quiver.Grains.Jobs;
using Quiver.Silo.Hosting;
using Quiver.Tests.Support;

namespace Quiver.Tests.Unit.Grains;

/// <summary>Silos of Orleans in this process, their state in memory, placed as in production.</summary>
internal sealed class RigRuntime : IAsyncDisposable
{
    private readonly IAsyncDisposable _silos;

    private RigRuntime(IAsyncDisposable silos, IGrainFactory grains, SharedGrainStorage? storage = null)
    {
        _silos = silos;
        Grains = grains;
        Storage = storage;
    }

    /// <summary>The grain state of a single silo.</summary>
    public SharedGrainStorage? Storage { get; }

    public IGrainFactory Grains { get; }

    /// <summary>A clock that a test moves; Orleans waits for other threads where its timers fire.</summary>
    public static ManualTimeProvider NewClock() => ManualTimeProvider.FiringOnPool();

    /// <summary>Starts it.</summary>
    /// <param name="silos">How many; one starts in a tenth of the time of two.</param>
    /// <param name="addServices">Adds what the grains stand on, to each silo.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<RigRuntime> StartAsync(int silos, Action<IServiceCollection> addServices, CancellationToken cancellationToken)
    {
        if (silos == 1)
        {
            var storage = new SharedGrainStorage(new GrainStateSerializer());
            var single = await SingleSilo.StartAsync(
                silo =>
                {
                    Configure(silo, addServices);
                    silo.Services.AddGrainStorage(StreamNames.GrainStorage, (_, _) => storage);
                },
                cancellationToken);
            return new(single, single.Client, storage);
        }

        var builder = new InProcessTestClusterBuilder((short)silos);
        builder.ConfigureHost(host => host.Logging.ClearProviders());
        builder.ConfigureSilo((_, silo) =>
        {
            Configure(silo, addServices);
            silo.AddMemoryGrainStorage(StreamNames.GrainStorage, static options => options.GrainStorageSerializer = new GrainStateSerializer());
        });
        builder.ConfigureClient(client => client.AddMemoryStreams(StreamNames.Provider));
        var cluster = builder.Build();
        await cluster.DeployAsync(cancellationToken);
        return new(cluster, cluster.Client);
    }

    public ValueTask DisposeAsync() => _silos.DisposeAsync();

    private static void Configure(ISiloBuilder silo, Action<IServiceCollection> addServices)
    {
        addServices(silo.Services);

        // The clock of the grains, but not of what the cluster needs for itself.
        silo.Services.UseTimeProviderForBackgroundAreas(TimeProvider.System);
        silo.Services.AddKeyedSingleton(ReminderTimeProviderNames.Reminders, static (services, _) => services.GetRequiredService<TimeProvider>());
        silo.Services.AddSingleton<SiloMembership>();
        silo.Services.AddSingleton<ISiloCount>(static services => services.GetRequiredService<SiloMembership>());
        silo.AddPubSubStore();
        silo.AddMemoryStreams(StreamNames.Provider);
        silo.UseInMemoryReminderService();
        silo.Services.AddSingleton<PlacementStrategy, SlotPlacement>();
        silo.AddPlacementDirector<SlotPlacement, SlotPlacementDirector>();
    }
}
