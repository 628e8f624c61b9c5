using Quiver.Adapters.Artifacts;
using Quiver.Adapters.Postgres.Cluster;
using Quiver.Silo.Api.Health;
using Quiver.Silo.Hosting.Cluster;
using Quiver.Silo.Vectors;

namespace Quiver.Silo.Hosting;

/// <summary>What outlives a process, in the cluster edition: services that all silos reach. Files of one machine are refused.</summary>
internal static class SharedStores
{
    /// <summary>Adds ledger, vectors and artifacts.</summary>
    /// <param name="services">Where to.</param>
    /// <param name="configuration">The settings.</param>
    /// <param name="settings">What the silo is for.</param>
    /// <exception cref="InvalidRequestException">With <see cref="ErrorCodes.InvalidOption"/>: the settings name a place that only one machine has.</exception>
    public static IServiceCollection AddSharedStores(this IServiceCollection services, IConfiguration configuration, SiloSettings settings)
    {
        Require(configuration);

        // First of all that starts: a silo that has no place must not bring the schema of the others up to date.
        services.AddHostedService<SiloPortCheck>();
        services.AddSingleton<IReadinessCheck, ClusterDatabaseReadinessCheck>();
        services.AddOptions<PostgresClusterOptions>().Bind(configuration.GetSection(PostgresClusterOptions.Section));
        return services
            .AddPostgresLedger()
            .AddArtifacts(settings.DataDirectory)
            .AddVectorStore(configuration, settings.DataDirectory);
    }

    /// <summary>Says all that is missing at once.</summary>
    private static void Require(IConfiguration configuration)
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

        if (string.IsNullOrEmpty(configuration[$"{PostgresClusterOptions.Section}:{nameof(PostgresClusterOptions.ConnectionString)}"]))
        {
            faults.Add(PostgresClusterOptionsValidator.NoConnection);
        }

        if (faults.Count > 0)
        {
            throw new InvalidRequestException(ErrorCodes.InvalidOption, string.Join(' ', faults));
        }
    }
}
