using Orleans.Hosting;
using Quiver.Silo.Options;

namespace Quiver.Silo.Hosting;

/// <summary>What differs between a single silo and a silo of a cluster. The settings choose the profile.</summary>
internal abstract class SiloProfile
{
    /// <summary>The cluster when the settings name its database, otherwise a single silo.</summary>
    /// <exception cref="InvalidRequestException">With <see cref="ErrorCodes.InvalidOption"/>: settings of a cluster are there, but its database is
    /// missing.</exception>
    public static SiloProfile Of(IConfiguration configuration) => ProfileSettings.IsCluster(configuration) ? new ClusterProfile() : new SingleProfile();

    /// <summary>Adds the durable stores: ledger, vectors, artifacts.</summary>
    public abstract void AddStores(IServiceCollection services, IConfiguration configuration, SiloSettings settings);

    /// <summary>Adds Orleans' membership, transport, streams, grain state and reminders.</summary>
    public abstract void AddRuntime(ISiloBuilder silo, IConfiguration configuration, SiloSettings settings);
}
