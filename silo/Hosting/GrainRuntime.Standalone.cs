using Orleans.Storage;
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
    private const string DatabaseFile = "grains.db";

    /// <summary>Adds the silo.</summary>
    public static IServiceCollection AddGrainRuntime(this IServiceCollection services, SiloSettings settings)
    {
        services.AddSingleton(_ => SqliteDatabase.Open(Path.Combine(settings.DataDirectory, DatabaseFile), SqliteGrainSchema.Migrations));
        return services.AddEmbeddedOrleans(orleans => orleans
            .AddGrain<IngestionJobGrain>()
            .AddGrain<EmbeddingWorkerGrain>()
            .AddGrain<TenantGrain>()
            .AddGrain<TenantQueryGrain>()
            .AddGrain<CollectionGrain>()
            .AddGrain<CollectionQueryGrain>()
            .AddGrain<VectorCollectionGrain>()
            .AddGrainStorage(
                StreamNames.GrainStorage,
                provider => new SqliteGrainStorage(provider.GetRequiredService<SqliteDatabase>(), provider.GetRequiredService<IGrainStorageSerializer>()))
            .UseReminderStore(provider => new SqliteReminderStore(provider.GetRequiredService<SqliteDatabase>()))
            .AddStreams(StreamNames.Provider)
            .Configure(options => options.StartReminders = settings.RunsJobs));
    }
}
