using Microsoft.Extensions.Options;
using Orleans;
using Quiver.Core.Artifacts;
using Quiver.Core.Jobs;
using Quiver.Core.Ledger;

namespace Quiver.Silo.Hosting;

/// <summary>Forgets jobs that ended long ago, so that what is kept of jobs is bounded.</summary>
internal sealed class JobRetention(IJobLedger ledger, IGrainFactory grains, IArtifactStore artifacts, IOptions<JobOptions> options, TimeProvider time, ILogger<JobRetention> logger) : BackgroundService
{
    private const int PageSize = 100;
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(10);

    /// <summary>Forgets all jobs whose time is over, a page at a time.</summary>
    /// <returns>How many were forgotten.</returns>
    public async Task<int> PurgeAsync(CancellationToken cancellationToken)
    {
        var purged = 0;
        while (true)
        {
            var expired = await ledger.ListExpiredJobsAsync(options.Value.KeepFinished, time.GetUtcNow() - options.Value.KeepFinishedFor, PageSize, cancellationToken);
            var before = purged;
            foreach (var job in expired)
            {
                // First, because nothing leads here again once the job is forgotten; what a job that is retried now had exported can be exported again.
                await artifacts.DeleteFolderAsync(ArtifactName.FolderOf(job), cancellationToken);
                purged += await grains.GetGrain<IIngestionJobGrain>(job.ToString()).PurgeAsync(cancellationToken) ? 1 : 0;
            }

            // Those that will not go (somebody retries them) are looked at again next time.
            if (expired.Count < PageSize || purged == before)
            {
                return purged;
            }
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Leaves the host's start at once.
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
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                HostingLog.NotPurged(logger, e, Period);
            }

            await Task.Delay(Period, time, stoppingToken);
        }
    }
}
