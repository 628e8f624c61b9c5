namespace Quiver.Core.Resilience;

/// <summary>
/// How long it is until stored times: by the machine's clock, or by the time that has passed since this process first saw the stored time, whichever
/// is less. A clock that is set back does not prolong a wait. Bounded. Thread-safe.
/// </summary>
/// <typeparam name="TKey">What waits.</typeparam>
/// <param name="time">The machine's clock.</param>
internal sealed class StoredDeadlines<TKey>(TimeProvider time)
    where TKey : notnull
{
    private const int MaxKept = 4096;

    private readonly Lock _lock = new();
    private readonly Dictionary<TKey, (DateTimeOffset At, long SeenAt, TimeSpan Wait)> _seen = [];

    /// <summary>The time left; zero or less when it has come.</summary>
    /// <param name="key">What waits.</param>
    /// <param name="at">The stored time.</param>
    public TimeSpan TimeUntil(TKey key, DateTimeOffset at)
    {
        lock (_lock)
        {
            var byClock = at - time.GetUtcNow();
            if (!_seen.TryGetValue(key, out var seen) || seen.At != at)
            {
                if (_seen.Count >= MaxKept)
                {
                    // What is forgotten waits by the clock.
                    _seen.Clear();
                }

                _seen[key] = seen = (at, time.GetTimestamp(), byClock);
            }

            var byTimePassed = seen.Wait - time.GetElapsedTime(seen.SeenAt);
            return byClock < byTimePassed ? byClock : byTimePassed;
        }
    }
}
