using Orleans.Hosting;
using Quiver.Adapters.Storage.Postgres;
using Quiver.Cli.Sessions;
using Quiver.Silo.Hosting.Cluster;

namespace Quiver.Silo.Hosting;

/// <summary>What differs between a silo on its own and a silo of a cluster. The settings choose.</summary>
internal abstract class SiloProfile
{
    private const string ConnectionString = $"{PostgresClusterOptions.Section}:{nameof(PostgresClusterOptions.ConnectionString)}";

    /// <summary>The cluster where the settings name its database; a single silo otherwise.</summary>
    /// <param name="configuration">The settings.</param>
    /// <exception cref="InvalidRequestException">With <see cref="ErrorCodes.InvalidOption"/>: there are settings of a cluster, but not its database.</exception>
    public static SiloProfile Of(IConfiguration configuration) => IsCluster(configuration) ? new ClusterProfile() : new SingleProfile();

    /// <summary>Whether the settings name a cluster.</summary>
    /// <param name="configuration">The settings.</param>
    /// <exception cref="InvalidRequestException">With <see cref="ErrorCodes.InvalidOption"/>: there are settings of a cluster, but not its database.</exception>
    public static bool IsCluster(IConfiguration configuration)
    {
        if (!string.IsNullOrEmpty(configuration[ConnectionString]))
        {
            return true;
        }

        // A silo of a cluster that silently started on its own would store the cluster's documents where the other silos do not see them.
        return configuration.GetSection(ClusterOptions.Section).AsEnumerable().FirstOrDefault(static setting => !string.IsNullOrEmpty(setting.Value)).Key is { } setting
            ? throw new InvalidRequestException(ErrorCodes.InvalidOption, $"{setting} is set, which is for silos of a cluster, and {PostgresClusterOptionsValidator.NoConnection} Remove it to run a single silo.")
            : false;
    }

    /// <summary>Adds what outlives the process: ledger, vectors, artifacts.</summary>
    /// <param name="services">The silo's services.</param>
    /// <param name="configuration">The settings.</param>
    /// <param name="settings">What the silo is for.</param>
    public abstract void AddStores(IServiceCollection services, IConfiguration configuration, SiloSettings settings);

    /// <summary>Adds Orleans' membership, transport, streams, grain state and reminders.</summary>
    /// <param name="silo">The silo.</param>
    /// <param name="configuration">The settings.</param>
    /// <param name="settings">What the silo is for.</param>
    public abstract void AddRuntime(ISiloBuilder silo, IConfiguration configuration, SiloSettings settings);

    /// <summary>Opens what a command talks to when no server holds the data directory.</summary>
    /// <param name="directory">The data directory, absolute.</param>
    /// <param name="configuration">The settings.</param>
    /// <param name="request">What the command needs.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public abstract Task<IClientSession> OpenSessionAsync(
        string directory, IConfiguration configuration, SessionRequest request, TimeProvider time, CancellationToken cancellationToken);
}
