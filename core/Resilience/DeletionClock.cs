namespace Quiver.Core.Resilience;

/// <summary>
/// The time by which stored things are old enough to be deleted: a machine's clock that is set forward must not delete them at once. While the
/// clock is ahead of the time that has passed, by more than a correction, this time continues steadily; after a day the clock is believed. What is
/// deleted is therefore never too young, and up to a day late. Thread-safe.
/// </summary>
/// <param name="clock">The machine's clock.</param>
public sealed class DeletionClock(TimeProvider clock)
{
    private static readonly TimeSpan Correction = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan BelievedAfter = TimeSpan.FromDays(1);

    private readonly Lock _lock = new();
    private SteadyTimeProvider _steady = new(clock);
    private long? _aheadSince;

    /// <summary>The time, UTC.</summary>
    public DateTimeOffset GetUtcNow()
    {
        lock (_lock)
        {
            var (now, steady) = (clock.GetUtcNow(), _steady.GetUtcNow());
            if (now - steady <= Correction)
            {
                _aheadSince = null;
                return now;
            }

            _aheadSince ??= clock.GetTimestamp();
            if (clock.GetElapsedTime(_aheadSince.Value) < BelievedAfter)
            {
                return steady;
            }

            (_steady, _aheadSince) = (new(clock), null);
            return now;
        }
    }
}
