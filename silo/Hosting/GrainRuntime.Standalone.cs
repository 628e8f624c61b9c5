using Quiver.Adapters.Sqlite;
using Quiver.Embedded.Hosting;
using Quiver.Grains.Collections;
using Quiver.Grains.Jobs;
using Quiver.Grains.Tenants;
using Quiver.Grains.Workers;

namespace Quiver.Silo.Hosting;

/// <summary>The actor runtime of the standalone edition: in this process, its state in SQLite.</summary>
internal static class GrainRuntime
{
    /// <summary>Adds the silo.</summary>
    /// <param name="services">Where to.</param>
    /// <param name="dataDirectory">Where state is kept.</param>
    /// <param name="runsJobs">Whether reminders tick.</param>
    public static IServiceCollection AddGrainRuntime(this IServiceCollection services, string dataDirectory, bool runsJobs)
    {
        return services.AddEmbeddedOrleans(orleans => orleans
            .AddGrain<IngestionJobGrain>()
            .AddGrain<EmbeddingWorkerGrain>()
            .AddGrain<TenantGrain>()
            .AddGrain<TenantQueryGrain>()
            .AddGrain<CollectionGrain>()
            .AddGrain<CollectionQueryGrain>()
            .AddGrain<VectorCollectionGrain>()
            .AddStreams(StreamNames.Provider)
            .Configure(options => options.StartReminders = runsJobs));
    }
}
