using Orleans;
using Orleans.Runtime;

namespace Quiver.Silo.Hosting;

/// <summary>
/// Makes up for the ticks that reminders missed while no silo ran: Orleans drops them and waits for the next one on the grid, which may be a day
/// away. Every reminder that had a tick due before the start gets one; what receives it looks at its state and finds out whether there is work.
/// Those of short periods tick soon anyway.
/// </summary>
internal sealed class ReminderCatchUp(IReminderTable table, IGrainFactory grains, TimeProvider time, ILogger<ReminderCatchUp> logger) : BackgroundService
{
    private const int AtOnce = 8;

    private static readonly TimeSpan ShortPeriod = TimeSpan.FromMinutes(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Leaves the host's start at once.
        await Task.Yield();
        try
        {
            var now = time.GetUtcNow().UtcDateTime;
            var reminders = (await table.ReadRows(0, 0, stoppingToken)).Reminders.Where(reminder => reminder.StartAt <= now && reminder.Period > ShortPeriod);
            await Parallel.ForEachAsync(
                reminders, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = stoppingToken }, (reminder, stop) => TickAsync(reminder, now, stop));
        }
        catch (Exception error) when (!stoppingToken.IsCancellationRequested)
        {
            HostingLog.RemindersNotRead(logger, error);
        }
    }

    private async ValueTask TickAsync(ReminderEntry reminder, DateTime now, CancellationToken stop)
    {
        try
        {
            await grains.GetGrain<IRemindable>(reminder.GrainId).ReceiveReminder(reminder.ReminderName, new TickStatus(reminder.StartAt, reminder.Period, now), stop).WaitAsync(stop);
        }
        catch (Exception error) when (!stop.IsCancellationRequested)
        {
            // Its next tick tries again; one that fails must not keep the others from ticking.
            HostingLog.ReminderNotReceived(logger, error, reminder.ReminderName, reminder.GrainId);
        }
    }
}
