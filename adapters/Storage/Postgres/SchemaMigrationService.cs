using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Quiver.Adapters.Storage.Postgres;

/// <summary>
/// Brings the schema up to date before whatever is registered after it starts. A database that cannot be reached yet, as when everything is
/// started at once, is waited for.
/// </summary>
internal sealed partial class SchemaMigrationService(SchemaMigrator migrator, ClusterDatabase database, TimeProvider time, ILogger<SchemaMigrationService> logger) : IHostedService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        while (true)
        {
            try
            {
                await migrator.MigrateAsync(cancellationToken);
                return;
            }
            catch (TransientException e) when (time.GetElapsedTime(started) < database.Options.MigrationTimeout)
            {
                LogWaiting(logger, database.Place, e.Message);
            }

            await Task.Delay(Pause, time, cancellationToken);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(6101, LogLevel.Warning, "The schema of {Place} cannot be looked at yet: {Reason}")]
    private static partial void LogWaiting(ILogger logger, string place, string reason);
}
