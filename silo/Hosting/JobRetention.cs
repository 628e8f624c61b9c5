using Microsoft.Extensions.Options;
using Orleans;
using Quiver.Core.Artifacts;
using Quiver.Core.Jobs;
using Quiver.Core.Ledger;
using Quiver.Core.Resilience;

namespace Quiver.Silo.Hosting;

/// <summary>Removes finished jobs whose retention has ended, which bounds what is stored about jobs.</summary>
internal sealed class JobRetention(
    IJobLedger ledger,
    IGrainFactory grains,
    IArtifactStore artifacts,
    IOptions<JobOptions> options,
    DeletionClock clock,
    TimeProvider time,
    ILogger<JobRetention> logger)
    : BackgroundService
{
    private const int PageSize = 100;
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(10);

    /// <summary>Removes all expired jobs, a page at a time.</summary>
    /// <returns>The number of removed jobs.</returns>
    public async Task<int> PurgeAsync(CancellationToken cancellationToken)
    {
        var purged = 0;
        while (true)
        {
            var expired = await ledger.ListExpiredJobsAsync(
                options.Value.KeepFinished, clock.GetUtcNow() - options.Value.KeepFinishedFor, PageSize, cancellationToken);
            var before = purged;
            foreach (var job in expired)
            {
                // Artifacts first, because without the job no code would find them. A job that is retried now can be exported again.
                await artifacts.DeleteFolderAsync(ArtifactName.FolderOf(job), cancellationToken);
                purged += await grains.GetGrain<IIngestionJobGrain>(job.ToString()).PurgeAsync(cancellationToken) ? 1 : 0;
            }

            // Jobs that refuse, because a caller retries them, are visited again in the next period.
            if (expired.Count < PageSize || purged == before)
            {
                return purged;
            }
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // The host's start must not wait.
        await Task.Yield();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (await PurgeAsync(stoppingToken) is > 0 and var count)
                {
                    HostingLog.Purged(logger, count);
                }
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                HostingLog.NotPurged(logger, exception, Period);
            }

            await Task.Delay(Period, time, stoppingToken);
        }
    }
}
