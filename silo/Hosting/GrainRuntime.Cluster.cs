using Microsoft.Extensions.Options;
using Npgsql;
using Orleans.Configuration;
using Orleans.Dashboard;
using Orleans.Runtime;
using Orleans.Runtime.Hosting;
using Orleans.Serialization;
using Orleans.Storage;
using Quiver.Adapters.Postgres.Cluster;
using Quiver.Client.Grains;
using Quiver.Grains;
using Quiver.Grains.Jobs;
using Quiver.Pipeline.Jobs;
using Quiver.Silo.Hosting.Cluster;
using ClusterOptions = Quiver.Silo.Hosting.Cluster.ClusterOptions;
using ClusterOptionsValidator = Quiver.Silo.Hosting.Cluster.ClusterOptionsValidator;

namespace Quiver.Silo.Hosting;

/// <summary>The actor runtime of the cluster edition: Orleans, its membership, state and reminders in PostgreSQL.</summary>
internal static class GrainRuntime
{
    /// <summary>The ADO.NET provider's name.</summary>
    private const string Invariant = "Npgsql";

    /// <summary>Grain state as Orleans' provider keeps it, behind the store that grains name.</summary>
    private const string AdoNetStore = "AdoNet";

    private const int MembershipConnections = 4;

    /// <summary>How often the HTTP API asks again when a silo was lost; with the waits between, longer than it takes to find a silo dead.</summary>
    private const int Attempts = 6;

    /// <summary>One small read of each silo; Orleans' minute would leave a silo that was given up at work for so long.</summary>
    private static readonly TimeSpan TableRefresh = TimeSpan.FromSeconds(3);

    /// <summary>What a stop takes beside draining: the last checkpoint, reminders, other grains.</summary>
    private static readonly TimeSpan StopMargin = TimeSpan.FromSeconds(5);

    /// <summary>Adds the silo.</summary>
    /// <param name="services">Where to.</param>
    /// <param name="configuration">The settings.</param>
    /// <param name="settings">What the silo is for.</param>
    public static IServiceCollection AddGrainRuntime(this IServiceCollection services, IConfiguration configuration, SiloSettings settings)
    {
        services.AddOptions<ClusterOptions>().Bind(configuration.GetSection(ClusterOptions.Section)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<ClusterOptions>, ClusterOptionsValidator>();
        services.AddSingleton<SiloMembership>();
        services.AddSingleton<ISiloChanges>(static provider => provider.GetRequiredService<SiloMembership>());
        services.AddSingleton<ISiloCount>(static provider => provider.GetRequiredService<SiloMembership>());
        var dashboard = configuration.GetValue<bool>($"{ClusterOptions.Section}:{nameof(ClusterOptions.Dashboard)}:{nameof(ClusterDashboardOptions.Enabled)}");
        services.AddOrleans(silo =>
        {
            if (dashboard)
            {
                // Without its trace page, which would stream the log to whoever may see the rest.
                silo.AddDashboard(static options => options.HideTrace = true);
            }

            AddPlace(silo);
            AddTimes(silo);
            AddStores(silo);
            silo.AddActivityPropagation();
            silo.AddMemoryStreams(StreamNames.Provider);
            silo.AddPubSubStore();
            silo.Services.AddSingleton<PlacementStrategy, SlotPlacement>();
            silo.AddPlacementDirector<SlotPlacement, SlotPlacementDirector>();

            // An inner exception of a library must not hide what happened on the other silo.
            silo.Services.Configure<ExceptionSerializationOptions>(static options => options.SupportedExceptionTypeFilter = static _ => true);
        });
        services.Configure<GrainClientOptions>(static options => options.RetryAttempts = Attempts);
        return services.AddHostedService<JobDrainer>();
    }

    private static void AddPlace(ISiloBuilder silo)
    {
        silo.Services.AddOptions<Orleans.Configuration.ClusterOptions>().Configure<IOptions<ClusterOptions>>(static (orleans, cluster) =>
        {
            orleans.ClusterId = cluster.Value.ClusterId;
            orleans.ServiceId = cluster.Value.ServiceId;
        });
        silo.Services.AddOptions<SiloOptions>().Configure<IOptions<ClusterOptions>>(static (orleans, cluster) =>
            orleans.SiloName = cluster.Value.SiloName.Length > 0 ? cluster.Value.SiloName : $"{Environment.MachineName}:{cluster.Value.SiloPort}");
        silo.Services.AddOptions<EndpointOptions>().Configure<IOptions<ClusterOptions>>(static (orleans, cluster) =>
        {
            orleans.AdvertisedIPAddress = SiloEndpoint.AddressOf(cluster.Value);
            orleans.SiloPort = cluster.Value.SiloPort;
            orleans.GatewayPort = cluster.Value.GatewayPort;
        });
    }

    private static void AddTimes(ISiloBuilder silo)
    {
        silo.Services.AddOptions<ClusterMembershipOptions>().Configure<IOptions<ClusterOptions>>(static (orleans, cluster) =>
        {
            orleans.ProbeTimeout = cluster.Value.ProbeTimeout;

            // Probes adapt to the network up to four times as long, and a silo that was heard of within so many of those is not given up: a frozen
            // one would be missed for 12 s instead of 3.
            orleans.MaxProbeTimeout = cluster.Value.ProbeTimeout;

            // How soon a silo that was frozen, and given up meanwhile, learns of it; its neighbours do not tell.
            orleans.TableRefreshTimeout = TableRefresh;
            orleans.NumMissedProbesLimit = cluster.Value.MissedProbes;
            orleans.NumVotesForDeathDeclaration = cluster.Value.DeathVotes;
        });
        silo.Services.AddOptions<GrainCollectionOptions>().Configure<IOptions<JobOptions>>(static (orleans, jobs) =>
            orleans.DeactivationTimeout = jobs.Value.DrainTimeout + StopMargin);
    }

    private static void AddStores(ISiloBuilder silo)
    {
        silo.UseAdoNetClustering(static options => options.Configure<ClusterDatabase>(static (orleans, database) =>
        {
            orleans.Invariant = Invariant;

            // A pool of its own: who is alive must not wait behind batches.
            orleans.ConnectionString = new NpgsqlConnectionStringBuilder(database.ConnectionString) { MaxPoolSize = MembershipConnections }.ConnectionString;
        }));
        silo.UseAdoNetReminderService(static options => options.Configure<ClusterDatabase>(static (orleans, database) =>
        {
            orleans.Invariant = Invariant;
            orleans.DataSource = database.DataSource;
        }));
        silo.AddAdoNetGrainStorage(AdoNetStore, static options => options.Configure<ClusterDatabase, IGrainStorageSerializer>(static (orleans, database, serializer) =>
        {
            orleans.Invariant = Invariant;
            orleans.DataSource = database.DataSource;
            orleans.GrainStorageSerializer = serializer;

            // Otherwise a row stays for every job that was ever forgotten.
            orleans.DeleteStateOnClear = true;
        }));
        silo.Services.AddGrainStorage<IGrainStorage>(
            StreamNames.GrainStorage, static (provider, _) => new WholeKeyGrainStorage(provider.GetRequiredKeyedService<IGrainStorage>(AdoNetStore)));
    }
}
