using Microsoft.Extensions.Options;
using Orleans.Storage;
using Quiver.Adapters.Sqlite;
using Quiver.Embedded.Hosting;
using Quiver.Grains.Collections;
using Quiver.Grains.Jobs;
using Quiver.Grains.Providers;
using Quiver.Grains.Tenants;
using Quiver.Grains.Workers;
using Quiver.Pipeline.Jobs;

namespace Quiver.Silo.Hosting;

/// <summary>The actor runtime of the standalone edition: in this process, its state in SQLite.</summary>
internal static class GrainRuntime
{
    private const string DatabaseFile = "grains.db";

    /// <summary>What a stop takes beside draining: the last checkpoint, reminders, other grains.</summary>
    private static readonly TimeSpan StopMargin = TimeSpan.FromSeconds(5);

    /// <summary>Adds the silo.</summary>
    /// <param name="services">Where to.</param>
    /// <param name="configuration">The settings, of which this edition needs none.</param>
    /// <param name="settings">What the silo is for.</param>
    public static IServiceCollection AddGrainRuntime(this IServiceCollection services, IConfiguration configuration, SiloSettings settings)
    {
        services.AddSingleton<ISiloChanges, NoSiloChanges>();
        services.AddSingleton(_ => SqliteDatabase.Open(Path.Combine(settings.DataDirectory, DatabaseFile), SqliteGrainSchema.Migrations));
        services.AddOptions<EmbeddedOptions>().Configure<IOptions<JobOptions>>(static (runtime, jobs) =>
        {
            runtime.DeactivationTimeout = jobs.Value.DrainTimeout + StopMargin;
            runtime.StopTimeout = runtime.DeactivationTimeout + StopMargin;
        });
        return services.AddEmbeddedOrleans(orleans => orleans
            .AddGrain<IngestionJobGrain>()
            .AddGrain<EmbeddingWorkerGrain>()
            .AddGrain<TenantGrain>()
            .AddGrain<TenantQueryGrain>()
            .AddGrain<CollectionGrain>()
            .AddGrain<CollectionQueryGrain>()
            .AddGrain<VectorCollectionGrain>()
            .AddGrain<ProviderBudgetGrain>()
            .AddGrain<ProviderQueryGrain>()
            .AddGrainStorage(
                StreamNames.GrainStorage,
                provider => new SqliteGrainStorage(provider.GetRequiredService<SqliteDatabase>(), provider.GetRequiredService<IGrainStorageSerializer>()))
            .UseReminderStore(provider => new SqliteReminderStore(provider.GetRequiredService<SqliteDatabase>()))
            .AddStreams(StreamNames.Provider)
            .Configure(options => options.StartReminders = settings.RunsJobs));
    }
}
