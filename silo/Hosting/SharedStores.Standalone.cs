using Quiver.Adapters.Artifacts;
using Quiver.Adapters.Sqlite;
using Quiver.Silo.Vectors;

namespace Quiver.Silo.Hosting;

/// <summary>What outlives a process, in the standalone edition: files in the data directory unless the settings name a service.</summary>
internal static class SharedStores
{
    /// <summary>Adds ledger, vectors and artifacts.</summary>
    /// <param name="services">Where to.</param>
    /// <param name="configuration">The settings.</param>
    /// <param name="settings">What the silo is for.</param>
    public static IServiceCollection AddSharedStores(this IServiceCollection services, IConfiguration configuration, SiloSettings settings) => services
        .AddArtifacts(settings.DataDirectory)
        .AddSqliteLedger(_ => Path.Combine(settings.DataDirectory, "ledger.db"))
        .AddVectorStore(configuration, Path.Combine(settings.DataDirectory, "vectors"));
}
