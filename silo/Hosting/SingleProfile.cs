using Orleans.Hosting;
using Orleans.Runtime.Hosting;
using Orleans.Storage;
using Quiver.Adapters.Artifacts;
using Quiver.Adapters.Storage.Sqlite;
using Quiver.Cli.Sessions;
using Quiver.Silo.DataDirectory;
using Quiver.Silo.Sessions;
using Quiver.Silo.Vectors;

namespace Quiver.Silo.Hosting;

/// <summary>One silo in the process: its state is in the data directory, and it opens no port.</summary>
internal sealed class SingleProfile : SiloProfile
{
    private const string DatabaseFile = "grains.db";

    public override void AddStores(IServiceCollection services, IConfiguration configuration, SiloSettings settings) => services
        .AddArtifacts(settings.DataDirectory)
        .AddSqliteLedger(_ => Path.Combine(settings.DataDirectory, "ledger.db"))
        .AddVectorStore(configuration, Path.Combine(settings.DataDirectory, "vectors"));

    public override void AddRuntime(ISiloBuilder silo, IConfiguration configuration, SiloSettings settings)
    {
        silo.UseSingleSilo();
        silo.Services.AddSingleton(_ => SqliteDatabase.Open(Path.Combine(settings.DataDirectory, DatabaseFile), SqliteGrainSchema.Migrations));
        silo.Services.AddGrainStorage(StreamNames.GrainStorage, static (provider, _) =>
            new SqliteGrainStorage(provider.GetRequiredService<SqliteDatabase>(), provider.GetRequiredService<IGrainStorageSerializer>()));
        InProcessStreams.AddTo(silo, StreamNames.Provider);
        silo.AddReminders();
        silo.Services.AddSingleton<IReminderTable>(provider => new SqliteReminderTable(provider.GetRequiredService<SqliteDatabase>(), ticks: settings.RunsJobs));
    }

    public override async Task<IClientSession> OpenSessionAsync(
        string directory, IConfiguration configuration, SessionRequest request, TimeProvider time, CancellationToken cancellationToken)
    {
        var held = await DataDirectoryLock.AcquireAsync(directory, "quiver", request.RunsJobs, time, cancellationToken);
        var silo = await InProcessSilo.StartAsync(held, request.RunsJobs, request.Verbose ? LogLevel.Debug : LogLevel.Critical, cancellationToken);
        return new SiloSession(silo, directory, request.Tenant);
    }
}
