using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Dashboard;
using Orleans.Hosting;
using Orleans.Runtime;
using Orleans.Runtime.Hosting;
using Orleans.Serialization;
using Orleans.Storage;
using Quiver.Core.Jobs;
using Quiver.Grains.Jobs;

namespace Quiver.Silo.Hosting;

/// <summary>Adds the Orleans silo.</summary>
internal static class GrainRuntime
{
    /// <summary>The storage name in which Orleans' streams look for their subscribers.</summary>
    private const string PubSubStore = "PubSubStore";

    /// <summary>Time that a stop takes in addition to draining: the last checkpoint, reminders, other grains.</summary>
    private static readonly TimeSpan StopMargin = TimeSpan.FromSeconds(5);

    public static IServiceCollection AddGrainRuntime(this IServiceCollection services, IConfiguration configuration, SiloSettings settings, SiloProfile profile)
    {
        services.AddSingleton<SiloMembership>();
        services.AddSingleton<ISiloChanges>(static provider => provider.GetRequiredService<SiloMembership>());
        services.AddSingleton<ISiloCount>(static provider => provider.GetRequiredService<SiloMembership>());
        services.AddOrleans(silo =>
        {
            profile.AddRuntime(silo, configuration, settings);
            silo.AddOrleansDashboard(configuration);
            silo.AddPubSubStore();

            // Continues traces through grain calls.
            silo.AddActivityPropagation();
            silo.Services.AddSingleton<PlacementStrategy, SlotPlacement>();
            silo.AddPlacementDirector<SlotPlacement, SlotPlacementDirector>();
            silo.Services.AddOptions<GrainCollectionOptions>().Configure<IOptions<JobOptions>>(static (orleans, jobs) =>
                orleans.DeactivationTimeout = jobs.Value.DrainTimeout + StopMargin);
        });
        return services.AddHostedService<JobDrainer>();
    }

    /// <summary>Keeps stream subscribers in memory. They may be lost with the silo: streams are only a hint, and watchers read the ledger as well.</summary>
    public static ISiloBuilder AddPubSubStore(this ISiloBuilder silo) =>
        silo.AddMemoryGrainStorage(PubSubStore, static options => options.Configure<Serializer>(static (store, serializer) =>

            // This state belongs to Orleans and is not JSON, unlike that of Quiver's grains.
            store.GrainStorageSerializer = new OrleansGrainStorageSerializer(serializer)));
}
