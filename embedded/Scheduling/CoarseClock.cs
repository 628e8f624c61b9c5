namespace Quiver.Embedded.Scheduling;

/// <summary>The time since the silo's start, exact to one heartbeat, so that a call needs no clock reading.</summary>
/// <param name="timeProvider">The time.</param>
internal sealed class CoarseClock(TimeProvider timeProvider)
{
    private readonly long _start = timeProvider.GetTimestamp();
    private long _now;

    /// <summary>Ticks of 100 ns since the start.</summary>
    internal long Now => Volatile.Read(ref _now);

    /// <summary>Takes the time anew.</summary>
    internal long Update()
    {
        var now = timeProvider.GetElapsedTime(_start).Ticks;
        Volatile.Write(ref _now, now);
        return now;
    }
}
