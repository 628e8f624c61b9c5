using Orleans;
using Quiver.Core.Ledger;

namespace Quiver.Silo.Hosting;

/// <summary>Wakes the jobs that were queued or running when this silo started, or when another one left, so that they go on by themselves.</summary>
internal sealed class JobResumer(IJobLedger ledger, IGrainFactory grains, ISiloChanges changes, TimeProvider time, ILogger<JobResumer> logger) : BackgroundService
{
    private const int PageSize = 100;
    private const int AtOnce = 8;
    private const int Rounds = 5;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Leaves the host's start at once: a silo answers while its jobs wake up.
        await Task.Yield();
        while (!stoppingToken.IsCancellationRequested)
        {
            for (var round = 1; !await WakeAllAsync(stoppingToken) && round < Rounds; round++)
            {
                await Task.Delay(Pause, time, stoppingToken);
            }

            await changes.WaitAsync(stoppingToken);
        }
    }

    /// <returns>Whether none is left that could not be woken.</returns>
    private async Task<bool> WakeAllAsync(CancellationToken stoppingToken)
    {
        var asleep = 0;
        JobKey? after = null;
        while (!stoppingToken.IsCancellationRequested)
        {
            IReadOnlyList<JobKey> jobs;
            try
            {
                jobs = await ledger.ListUnfinishedJobsAsync(after, PageSize, stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                HostingLog.NotListed(logger, e, Patience);
                await Task.Delay(Patience, time, stoppingToken);
                continue;
            }

            // One that does not answer, because its silo is about to be found dead, must not keep the others waiting.
            await Parallel.ForEachAsync(
                jobs, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = stoppingToken }, async (job, stop) =>
                {
                    if (!await WakeAsync(job, stop))
                    {
                        Interlocked.Increment(ref asleep);
                    }
                });

            if (jobs.Count < PageSize)
            {
                break;
            }

            after = jobs[^1];
        }

        return asleep == 0;
    }

    private async Task<bool> WakeAsync(JobKey job, CancellationToken cancellationToken)
    {
        try
        {
            await grains.GetGrain<IIngestionJobGrain>(job.ToString()).WakeAsync(cancellationToken);
            HostingLog.Woken(logger, job);
            return true;
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            // Its reminder tries again; one job that cannot be woken must not keep the others asleep.
            HostingLog.NotWoken(logger, e, job);
            return false;
        }
    }
}
