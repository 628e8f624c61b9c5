using Orleans.Runtime;
using Quiver.Embedded.Hosting;

namespace Quiver.Embedded.Reminders;

/// <summary>One reminder at work: armed for one tick at a time, so that a slow handler drops ticks instead of piling them up.</summary>
internal sealed class ScheduledReminder : IDisposable
{
    // Timers cannot wait for more than 49 days; a longer wait is cut into pieces.
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);

    private readonly EmbeddedSilo _silo;
    private readonly ReminderEntry _entry;
    private readonly ITimer _timer;
    private DateTimeOffset _next;
    private volatile bool _disposed;

    internal ScheduledReminder(EmbeddedSilo silo, ReminderEntry entry)
    {
        _silo = silo;
        _entry = entry;
        _timer = silo.CreateTimer(static self => _ = ((ScheduledReminder)self!).OnDueAsync(), this);
        _next = entry.NextTick(silo.TimeProvider.GetUtcNow());
        Arm();
    }

    public void Dispose()
    {
        _disposed = true;
        _timer.Dispose();
    }

    private void Arm()
    {
        var wait = _next - _silo.TimeProvider.GetUtcNow();
        if (!_disposed) _timer.Change(wait < TimeSpan.Zero ? TimeSpan.Zero : wait < LongestWait ? wait : LongestWait, Timeout.InfiniteTimeSpan);
    }

    private async Task OnDueAsync()
    {
        var now = _silo.TimeProvider.GetUtcNow();
        if (now >= _next && !_disposed)
        {
            try
            {
                await _silo.TickAsync(_entry.GrainId, new ReminderTick(_entry.Name, new TickStatus(_entry.FirstTick.UtcDateTime, _entry.Period, now.UtcDateTime)));
            }
            catch (Exception error)
            {
                if (!_disposed) _silo.Log.ReminderFailed(_entry.Name, _entry.GrainId, error);
            }

            _next = _entry.NextTick(_silo.TimeProvider.GetUtcNow());
        }

        Arm();
    }
}
