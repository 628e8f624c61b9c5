using Orleans;
using Quiver.Core.Ledger;

namespace Quiver.Silo.Hosting;

/// <summary>Resumes jobs that were queued or running when this silo started or when another silo left.</summary>
internal sealed class JobResumer(
    IJobLedger ledger, IGrainFactory grains, ISiloChanges changes, TimeProvider time, ILogger<JobResumer> logger) : BackgroundService
{
    private const int PageSize = 100;
    private const int MaxParallel = 8;
    private const int MaxRounds = 5;
    private static readonly TimeSpan RoundDelay = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan ListRetryDelay = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // The host's start must not wait: a silo answers while its jobs wake up.
        await Task.Yield();
        while (!stoppingToken.IsCancellationRequested)
        {
            for (var round = 1; !await WakeAllAsync(stoppingToken) && round < MaxRounds; round++)
            {
                await Task.Delay(RoundDelay, time, stoppingToken);
            }

            await changes.WaitAsync(stoppingToken);
        }
    }

    /// <returns>True when all jobs are awake.</returns>
    private async Task<bool> WakeAllAsync(CancellationToken stoppingToken)
    {
        var asleep = 0;
        JobKey? after = null;
        while (!stoppingToken.IsCancellationRequested)
        {
            IReadOnlyList<JobKey> jobs;
            try
            {
                jobs = await ledger.ListJobsToWakeAsync(after, PageSize, stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                HostingLog.NotListed(logger, exception, ListRetryDelay);
                await Task.Delay(ListRetryDelay, time, stoppingToken);
                continue;
            }

            // In parallel: a job that does not answer, because its silo is about to be declared dead, must not delay the others.
            await Parallel.ForEachAsync(
                jobs, new ParallelOptions { MaxDegreeOfParallelism = MaxParallel, CancellationToken = stoppingToken }, async (job, stop) =>
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
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            // One job that cannot be woken must not stop the others; its reminder tries again.
            HostingLog.NotWoken(logger, exception, job);
            return false;
        }
    }
}
