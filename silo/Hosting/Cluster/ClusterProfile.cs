using Microsoft.Extensions.Options;
using Npgsql;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Runtime.Hosting;
using Orleans.Serialization;
using Orleans.Storage;
using Quiver.Adapters.Artifacts;
using Quiver.Adapters.Storage.Postgres;
using Quiver.Cli.Sessions;
using Quiver.Client.Grains;
using Quiver.Silo.Api.Health;
using Quiver.Silo.Vectors;

namespace Quiver.Silo.Hosting.Cluster;

/// <summary>A silo among others: membership, state, reminders and ledger are in PostgreSQL, and files of one machine are refused.</summary>
internal sealed class ClusterProfile : SiloProfile
{
    /// <summary>The ADO.NET provider's name.</summary>
    private const string Invariant = "Npgsql";

    /// <summary>Grain state as Orleans' provider keeps it, behind the store that grains name.</summary>
    private const string AdoNetStore = "AdoNet";

    private const int MembershipConnections = 4;

    /// <summary>Queues that job events are spread over; each is polled by one silo.</summary>
    private const int StreamQueues = 8;

    /// <summary>How often the HTTP API repeats a call when a silo was lost; with the waits between, longer than it takes to find a silo dead.</summary>
    private const int Attempts = 6;

    /// <summary>The most that polling adds to the time an event takes to its subscribers. A poll is a grain call, often to another silo.</summary>
    private static readonly TimeSpan StreamPollPeriod = TimeSpan.FromMilliseconds(100);

    /// <summary>One small read of each silo; with Orleans' default a silo that was declared dead would work on for a minute.</summary>
    private static readonly TimeSpan TableRefresh = TimeSpan.FromSeconds(3);

    public override void AddStores(IServiceCollection services, IConfiguration configuration, SiloSettings settings)
    {
        RequireShared(configuration);

        // First of all that starts: a silo that has no place must not bring the schema of the others up to date.
        services.AddHostedService<SiloPortCheck>();
        services.AddSingleton<IReadinessCheck, ClusterDatabaseReadinessCheck>();
        services.AddOptions<PostgresClusterOptions>().Bind(configuration.GetSection(PostgresClusterOptions.Section));
        services.AddPostgresLedger()
            .AddArtifacts(settings.DataDirectory)
            .AddVectorStore(configuration, settings.DataDirectory);
    }

    public override void AddRuntime(ISiloBuilder silo, IConfiguration configuration, SiloSettings settings)
    {
        silo.Services.AddOptions<ClusterOptions>().Bind(configuration.GetSection(ClusterOptions.Section)).ValidateOnStart();
        silo.Services.AddSingleton<IValidateOptions<ClusterOptions>, ClusterOptionsValidator>();
        silo.Services.Configure<GrainClientOptions>(static options => options.RetryAttempts = Attempts);
        AddPlace(silo);
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

    public override async Task<IClientSession> OpenSessionAsync(
        string directory, IConfiguration configuration, SessionRequest request, TimeProvider time, CancellationToken cancellationToken) =>
        await ClusterSession.OpenAsync(configuration, request, cancellationToken);

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

    private static void AddFailureDetection(ISiloBuilder silo)
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
    }

    private static void AddDatabase(ISiloBuilder silo)
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

    /// <summary>Says all that is missing at once.</summary>
    private static void RequireShared(IConfiguration configuration)
    {
        List<string> faults = [];
        if (VectorStoreServiceCollectionExtensions.ReadKind(configuration) == VectorStoreKind.Embedded)
        {
            faults.Add("The embedded index is in the data directory of one silo, where the others do not see it: set Quiver:Vectors:Store to Qdrant and Quiver:Qdrant:Address to its address.");
        }

        var artifacts = configuration.GetSection(ArtifactOptions.Section);
        var place = ArtifactPlace.Directory;
        if (artifacts[nameof(ArtifactOptions.Store)] is { Length: > 0 } named && !Enum.TryParse(named, ignoreCase: true, out place))
        {
            faults.Add($"{ArtifactOptions.Section}:Store is '{named}': set it to {string.Join(" or ", Enum.GetNames<ArtifactPlace>())}.");
        }
        else if (place == ArtifactPlace.Directory && string.IsNullOrEmpty(artifacts[nameof(ArtifactOptions.Directory)]))
        {
            faults.Add(
                $"Artifacts in the data directory of one silo are not seen by the others: set {ArtifactOptions.Section}:Store to S3, or {ArtifactOptions.Section}:Directory to a folder that all silos share.");
        }

        if (faults.Count > 0)
        {
            throw new InvalidRequestException(ErrorCodes.InvalidOption, string.Join(' ', faults));
        }
    }
}
