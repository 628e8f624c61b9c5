namespace Quiver.Core.Resilience;

/// <summary>Holds all requests to a provider that throttled one, for as long as it asked. Thread-safe.</summary>
/// <param name="provider">The provider's name, for messages.</param>
/// <param name="schedule">The holds where the provider asks for none.</param>
/// <param name="time">The clock.</param>
/// <param name="random">Jitter.</param>
internal sealed class ThrottleHold(string provider, RetrySchedule schedule, TimeProvider time, Random random)
{
    private static readonly TimeSpan MaxJitter = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private DateTimeOffset _heldUntil;
    private int _throttledInARow;

    /// <summary>Rejects a request during a hold.</summary>
    /// <exception cref="ThrottledException">With <see cref="ErrorCodes.ProviderThrottled"/>: the provider is held.</exception>
    public void ThrowIfHeld()
    {
        lock (_lock)
        {
            var wait = _heldUntil - time.GetUtcNow();
            if (wait > TimeSpan.Zero)
            {
                throw new ThrottledException(ErrorCodes.ProviderThrottled, $"The provider {provider} throttles requests.") { RetryAfter = WithJitter(wait) };
            }
        }
    }

    /// <summary>The provider answered a request.</summary>
    public void Answered()
    {
        lock (_lock)
        {
            _throttledInARow = 0;
        }
    }

    /// <summary>The provider throttled a request: starts a hold, or extends it.</summary>
    /// <param name="requested">How long the provider asked to wait; null when it did not say.</param>
    /// <returns>When to come again.</returns>
    public TimeSpan Throttled(TimeSpan? requested)
    {
        lock (_lock)
        {
            var now = time.GetUtcNow();
            var wait = requested is { } retryAfter ? RetrySchedule.Clamp(retryAfter) : schedule.Delay(++_throttledInARow);
            _heldUntil = now + wait > _heldUntil ? now + wait : _heldUntil;
            return WithJitter(_heldUntil - now);
        }
    }

    // The held requests must not all come back at the same moment.
    private TimeSpan WithJitter(TimeSpan wait) => wait + ((wait < MaxJitter ? wait : MaxJitter) * random.NextDouble());
}
