using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Runtime;
using Quiver.Core.Artifacts;
using Quiver.Core.Jobs;
using Quiver.Core.Ledger;
using Quiver.Core.Resilience;
using Quiver.Grains.Jobs;

namespace Quiver.Silo.Hosting;

/// <summary>Lets jobs finish their batches in flight and checkpoint while all grains still run: registered after the silo, stopped before it.</summary>
internal sealed class JobDrainer(JobLifetime lifetime, IOptions<JobOptions> options, TimeProvider time, ILogger<JobDrainer> logger) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        try
        {
            await lifetime.DrainAsync(options.Value.DrainTimeout, time, cancellationToken);
        }
        catch (TimeoutException exception)
        {
            // The next silo repeats what is in flight. Waiting without a limit would only end in a kill.
            HostingLog.NotStopped(logger, exception, nameof(JobDrainer));
        }
    }
}

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
                jobs = await ledger.ListUnfinishedJobsAsync(after, PageSize, stoppingToken);
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

/// <summary>
/// Delivers the ticks that reminders missed while no silo ran. Orleans drops them and waits for the next regular tick, which may be a day away.
/// Each reminder with a missed tick gets one; the grain finds out from its state whether there is work. Short periods tick soon anyway. When the
/// clock was set back, a reminder begins later than its period, and Orleans would wait until then: it gets a tick as well.
/// </summary>
internal sealed class ReminderCatchUp(IReminderTable table, IGrainFactory grains, TimeProvider time, ILogger<ReminderCatchUp> logger) : BackgroundService
{
    private const int MaxParallel = 8;

    private static readonly TimeSpan ShortPeriod = TimeSpan.FromMinutes(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // The host's start must not wait.
        await Task.Yield();
        try
        {
            var now = time.GetUtcNow().UtcDateTime;
            var reminders = (await table.ReadRows(0, 0, stoppingToken)).Reminders.Where(reminder => NeedsTick(reminder, now));
            await Parallel.ForEachAsync(
                reminders, new ParallelOptions { MaxDegreeOfParallelism = MaxParallel, CancellationToken = stoppingToken },
                (reminder, stop) => TickAsync(reminder, now, stop));
        }
        catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
        {
            HostingLog.RemindersNotRead(logger, exception);
        }
    }

    /// <summary>Whether a reminder gets a tick when a silo starts.</summary>
    internal static bool NeedsTick(ReminderEntry reminder, DateTime now) =>
        reminder.StartAt <= now ? reminder.Period > ShortPeriod : reminder.StartAt - now > reminder.Period;

    private async ValueTask TickAsync(ReminderEntry reminder, DateTime now, CancellationToken stop)
    {
        try
        {
            await grains.GetGrain<IRemindable>(reminder.GrainId)
                .ReceiveReminder(reminder.ReminderName, new TickStatus(reminder.StartAt, reminder.Period, now), stop)
                .WaitAsync(stop);
        }
        catch (Exception exception) when (!stop.IsCancellationRequested)
        {
            // One reminder that fails must not stop the others; its next tick tries again.
            HostingLog.ReminderNotReceived(logger, exception, reminder.ReminderName, reminder.GrainId);
        }
    }
}
