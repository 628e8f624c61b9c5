using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Dashboard;
using Orleans.Hosting;
using Orleans.Runtime;
using Orleans.Runtime.Hosting;
using Quiver.Core.Jobs;
using Quiver.Grains.Jobs;

namespace Quiver.Silo.Hosting;

/// <summary>Adds the Orleans silo.</summary>
internal static class GrainRuntime
{
    /// <summary>What a stop takes beside draining: the last checkpoint, reminders, other grains.</summary>
    private static readonly TimeSpan StopMargin = TimeSpan.FromSeconds(5);

    /// <summary>Adds the silo.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="configuration">The settings.</param>
    /// <param name="settings">What the silo is for.</param>
    /// <param name="profile">Single or cluster.</param>
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

            // Traces go on through grain calls.
            silo.AddActivityPropagation();
            silo.Services.AddSingleton<PlacementStrategy, SlotPlacement>();
            silo.AddPlacementDirector<SlotPlacement, SlotPlacementDirector>();
            silo.Services.AddOptions<GrainCollectionOptions>().Configure<IOptions<JobOptions>>(static (orleans, jobs) =>
                orleans.DeactivationTimeout = jobs.Value.DrainTimeout + StopMargin);
        });
        return services.AddHostedService<JobDrainer>();
    }
}
