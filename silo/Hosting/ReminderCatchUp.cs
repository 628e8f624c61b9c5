using Orleans;
using Orleans.Runtime;
using Quiver.Grains.Jobs;

namespace Quiver.Silo.Hosting;

/// <summary>
/// Makes up for the ticks that reminders missed while no silo ran: Orleans drops them and waits for the next one on the grid, which may be a day
/// away. Every reminder that had a tick due before the start gets one; what receives it looks at its state and finds out whether there is work.
/// </summary>
internal sealed class ReminderCatchUp(IReminderTable table, IGrainFactory grains, ISiloCount silos, TimeProvider time, ILogger<ReminderCatchUp> logger) : BackgroundService
{
    private const int AtOnce = 8;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Leaves the host's start at once.
        await Task.Yield();
        if (silos.Active > 1)
        {
            // The others ticked meanwhile.
            return;
        }

        try
        {
            var now = time.GetUtcNow().UtcDateTime;
            var reminders = (await table.ReadRows(0, 0, stoppingToken)).Reminders.Where(reminder => reminder.StartAt <= now);
            await Parallel.ForEachAsync(
                reminders, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = stoppingToken }, (reminder, _) => TickAsync(reminder, now));
        }
        catch (Exception error) when (!stoppingToken.IsCancellationRequested)
        {
            HostingLog.RemindersNotRead(logger, error);
        }
    }

    private async ValueTask TickAsync(ReminderEntry reminder, DateTime now)
    {
        try
        {
            await grains.GetGrain<IRemindable>(reminder.GrainId).ReceiveReminder(reminder.ReminderName, new TickStatus(reminder.StartAt, reminder.Period, now));
        }
        catch (Exception error)
        {
            // Its next tick tries again; one that fails must not keep the others from ticking.
            HostingLog.ReminderNotReceived(logger, error, reminder.ReminderName, reminder.GrainId);
        }
    }
}
