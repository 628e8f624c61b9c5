using Orleans;
using Orleans.Runtime;

namespace Quiver.Silo.Hosting;

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
