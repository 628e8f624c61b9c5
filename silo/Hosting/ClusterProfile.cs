using Microsoft.Extensions.Options;
using Npgsql;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Runtime.Hosting;
using Orleans.Serialization;
using Orleans.Storage;
using Quiver.Adapters.Artifacts;
using Quiver.Adapters.Storage.Postgres;
using Quiver.Client.Grains;
using Quiver.Silo.Api.Health;
using Quiver.Silo.Options;
using ClusterOptions = Quiver.Silo.Options.ClusterOptions;

namespace Quiver.Silo.Hosting;

/// <summary>A silo of a cluster: membership, state, reminders and ledger are in PostgreSQL. Files of one machine are refused.</summary>
internal sealed class ClusterProfile : SiloProfile
{
    /// <summary>The ADO.NET provider's name.</summary>
    private const string Invariant = "Npgsql";

    /// <summary>The name of Orleans' own storage, which is behind the storage that grains name.</summary>
    private const string AdoNetStore = "AdoNet";

    private const int MembershipConnections = 4;

    /// <summary>Number of queues for job events; one silo polls each.</summary>
    private const int StreamQueues = 8;

    /// <summary>
    /// Attempts of a grain call from the HTTP API when a silo is lost. With the waits between them they outlast the detection of a dead silo.
    /// </summary>
    private const int MaxAttempts = 6;

    /// <summary>Maximum delay that polling adds to an event. A poll is a grain call, often to another silo.</summary>
    private static readonly TimeSpan StreamPollPeriod = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// Interval of the membership read, one small query per silo. With Orleans' default a silo that was declared dead would work for another minute.
    /// </summary>
    private static readonly TimeSpan TableRefresh = TimeSpan.FromSeconds(3);

    public override void AddStores(IServiceCollection services, IConfiguration configuration, SiloSettings settings)
    {
        RequireSharedStores(configuration);

        // Starts first: a silo whose ports are taken must not change the schema of the running cluster.
        services.AddHostedService<SiloPortCheck>();
        services.AddReadinessCheck<ClusterDatabaseReadinessCheck>("database");
        services.AddPostgresLedger()
            .AddArtifacts(settings.Files.Artifacts, settings.Files.ArtifactKey)
            .AddVectorStore(configuration, settings.Files.Vectors);
    }

    public override void AddRuntime(ISiloBuilder silo, IConfiguration configuration, SiloSettings settings)
    {
        silo.Services.Configure<GrainClientOptions>(static options => options.RetryAttempts = MaxAttempts);
        AddIdentity(silo);
        AddFailureDetection(silo);
        AddDatabase(silo);
        silo.AddMemoryStreams(StreamNames.Provider, static streams =>
        {
            streams.ConfigurePartitioning(StreamQueues);
            streams.ConfigurePullingAgent(static agent => agent.Configure(static options => options.GetQueueMsgsTimerPeriod = StreamPollPeriod));
        });

        // An inner exception of a library must not hide what happened on the other silo.
        silo.Services.Configure<ExceptionSerializationOptions>(static options => options.SupportedExceptionTypeFilter = static _ => true);
    }

    private static void AddIdentity(ISiloBuilder silo)
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

    private static void AddFailureDetection(ISiloBuilder silo)
    {
        silo.Services.AddOptions<ClusterMembershipOptions>().Configure<IOptions<ClusterOptions>>(static (orleans, cluster) =>
        {
            orleans.ProbeTimeout = cluster.Value.ProbeTimeout;

            // By default Orleans stretches the probe timeout up to four times. A frozen silo would then be detected after 12 s instead of 3 s.
            orleans.MaxProbeTimeout = cluster.Value.ProbeTimeout;

            // How soon a silo that was frozen and declared dead learns of it. Other silos do not notify it.
            orleans.TableRefreshTimeout = TableRefresh;
            orleans.NumMissedProbesLimit = cluster.Value.MissedProbes;
            orleans.NumVotesForDeathDeclaration = cluster.Value.DeathVotes;
        });
    }

    private static void AddDatabase(ISiloBuilder silo)
    {
        silo.UseAdoNetClustering(static options => options.Configure<ClusterDatabase>(static (orleans, database) =>
        {
            orleans.Invariant = Invariant;

            // A separate pool: membership must not wait behind batches.
            orleans.ConnectionString = new NpgsqlConnectionStringBuilder(database.ConnectionString) { MaxPoolSize = MembershipConnections }.ConnectionString;
        }));
        silo.UseAdoNetReminderService(static options => options.Configure<ClusterDatabase>(static (orleans, database) =>
        {
            orleans.Invariant = Invariant;
            orleans.DataSource = database.DataSource;
        }));
        silo.AddAdoNetGrainStorage(AdoNetStore, static state => state.Configure<ClusterDatabase, IGrainStorageSerializer>(static (orleans, database, serializer) =>
        {
            orleans.Invariant = Invariant;
            orleans.DataSource = database.DataSource;
            orleans.GrainStorageSerializer = serializer;

            // Otherwise a row stays for every removed job.
            orleans.DeleteStateOnClear = true;
        }));
        silo.Services.AddGrainStorage<IGrainStorage>(
            StreamNames.GrainStorage,
            static (provider, _) => new WholeKeyGrainStorage(
                provider.GetRequiredKeyedService<IGrainStorage>(AdoNetStore), provider.GetRequiredService<ClusterDatabase>()));
    }

    /// <summary>Refuses stores that other silos do not see; the error names all of them.</summary>
    private static void RequireSharedStores(IConfiguration configuration)
    {
        List<string> faults = [];
        if (ProfileSettings.ReadVectorStore(configuration) == VectorStoreKind.Embedded)
        {
            faults.Add(
                "The embedded index is in the data directory of one silo, where the other silos do not see it: set Quiver:Vectors:Store to Qdrant and "
                + "Quiver:Qdrant:Address to its address.");
        }

        var artifacts = configuration.GetSection(ArtifactOptions.Section);
        var store = ArtifactPlace.Directory;
        if (artifacts[nameof(ArtifactOptions.Store)] is { Length: > 0 } named && !Enum.TryParse(named, ignoreCase: true, out store))
        {
            faults.Add($"{ArtifactOptions.Section}:Store is '{named}': set it to {string.Join(" or ", Enum.GetNames<ArtifactPlace>())}.");
        }
        else if (store == ArtifactPlace.Directory && string.IsNullOrEmpty(artifacts[nameof(ArtifactOptions.Directory)]))
        {
            faults.Add(
                $"Artifacts are in the data directory of one silo, where the other silos do not see them: set {ArtifactOptions.Section}:Store to S3, or "
                + $"{ArtifactOptions.Section}:Directory to a folder that all silos share.");
        }

        if (faults.Count > 0)
        {
            throw new InvalidRequestException(ErrorCodes.InvalidOption, string.Join(' ', faults));
        }
    }
}
