using Orleans.Hosting;
using Orleans.Runtime.Hosting;
using Orleans.Storage;
using Quiver.Adapters.Artifacts;
using Quiver.Adapters.Storage.Files;
using Quiver.Adapters.Storage.Sqlite;
using Quiver.Silo.Api.Health;

namespace Quiver.Silo.Hosting;

/// <summary>A single silo: its state is in the data directory, and it opens no port.</summary>
internal sealed class SingleProfile : SiloProfile
{
    public override void AddStores(IServiceCollection services, IConfiguration configuration, SiloSettings settings) => services
        .AddSingleton(_ => DirectoryManifest.Open(settings.DataDirectory))
        .AddReadinessCheck<DataDirectoryReadinessCheck>("storage")
        .AddReadinessCheck<DamageReadinessCheck>("files")
        .AddArtifacts(settings.Files.Artifacts, settings.Files.ArtifactKey)
        .AddSqliteLedger(_ => settings.Files.Ledger)
        .AddVectorStore(configuration, settings.Files.Vectors);

    public override void AddRuntime(ISiloBuilder silo, IConfiguration configuration, SiloSettings settings)
    {
        silo.UseSingleSilo();
        silo.Services.AddSingleton(provider => SqliteDatabase.Open(
            settings.Files.GrainState, SqliteGrainSchema.Migrations, manifest: provider.GetRequiredService<DirectoryManifest>()));
        silo.Services.AddGrainStorage(StreamNames.GrainStorage, static (provider, _) =>
            new SqliteGrainStorage(provider.GetRequiredService<SqliteDatabase>(), provider.GetRequiredService<IGrainStorageSerializer>()));
        InProcessStreams.AddTo(silo, StreamNames.Provider);
        silo.AddReminders();
        silo.Services.AddSingleton<IReminderTable>(provider =>
            new SqliteReminderTable(provider.GetRequiredService<SqliteDatabase>(), ticks: settings.RunsJobs));
    }
}
