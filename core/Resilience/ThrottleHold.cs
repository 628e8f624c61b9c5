using System.Globalization;

namespace Quiver.Core.Resilience;

/// <summary>
/// Holds all requests to a provider that throttled one, for as long as it asked, and sends later ones at the pace that it accepts. While a provider
/// accepts most requests, only the throttled one waits. Thread-safe.
/// </summary>
/// <param name="provider">The provider's name, for messages.</param>
/// <param name="schedule">The holds where the provider asks for none.</param>
/// <param name="time">The clock.</param>
/// <param name="random">Jitter.</param>
/// <param name="findsPace">Whether the pace is found here; false where a budget sets it.</param>
internal sealed class ThrottleHold(string provider, RetrySchedule schedule, TimeProvider time, Random random, bool findsPace)
{
    private static readonly TimeSpan MaxJitter = TimeSpan.FromSeconds(1);

    /// <summary>Requests that would wait longer for their turn are rejected and come again: their caller has a timeout.</summary>
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private readonly RequestPace _pace = new();
    private DateTimeOffset _heldUntil;
    private int _throttledInARow;
    private (string Message, DateTimeOffset Until)? _spentQuota;

    /// <summary>The provider's last word when a quota of a day or a month is used up, until it is tried again; null for none.</summary>
    public string? SpentQuota
    {
        get
        {
            lock (_lock)
            {
                return _spentQuota is { } spent && time.GetUtcNow() < spent.Until ? spent.Message : null;
            }
        }
    }

    /// <summary>Rejects a request during a hold; otherwise waits for its turn.</summary>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <exception cref="ThrottledException">
    /// With <see cref="ErrorCodes.ProviderThrottled"/>: the provider is held. With <see cref="ErrorCodes.ProviderBudgetSpent"/>: the wait is too
    /// long; consumes no attempt.
    /// </exception>
    public Task EnterAsync(CancellationToken cancellationToken)
    {
        TimeSpan wait;
        lock (_lock)
        {
            ThrowIfHeld();
            wait = _pace.Reserve(time.GetUtcNow(), MaxWait);
            if (wait > MaxWait)
            {
                throw new ThrottledException(
                    ErrorCodes.ProviderBudgetSpent,
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"The provider {provider} has throttled requests: Quiver sends one every {_pace.Interval.TotalSeconds:0.##} s, and others come first."))
                {
                    RetryAfter = wait,
                };
            }
        }

        return wait > TimeSpan.Zero ? Task.Delay(wait, time, cancellationToken) : Task.CompletedTask;
    }

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
            _spentQuota = null;
            _pace.Accepted(time.GetUtcNow());
        }
    }

    /// <summary>A quota is used up: jobs pause, so nothing is held; kept for those who ask.</summary>
    /// <param name="fault">The provider's answer, with the time until the next try.</param>
    public void QuotaSpent(ThrottledException fault)
    {
        lock (_lock)
        {
            _spentQuota = (fault.Message, time.GetUtcNow() + RetrySchedule.ClampQuota(fault.RetryAfter));
        }
    }

    /// <summary>The provider throttled a request: starts a hold, or extends it, unless it accepts most others.</summary>
    /// <param name="requested">How long the provider asked to wait; null when it did not say.</param>
    /// <returns>When to come again.</returns>
    public TimeSpan Throttled(TimeSpan? requested)
    {
        lock (_lock)
        {
            var now = time.GetUtcNow();
            var wait = requested is { } retryAfter ? RetrySchedule.Clamp(retryAfter) : schedule.Delay(++_throttledInARow);

            // A provider that states no wait may be busy rather than at its limit.
            if (!_pace.Throttled(now, wait, isLimit: requested is not null && findsPace))
            {
                return wait;
            }

            _heldUntil = now + wait > _heldUntil ? now + wait : _heldUntil;
            return WithJitter(_heldUntil - now);
        }
    }

    // The held requests must not all come back at the same moment.
    private TimeSpan WithJitter(TimeSpan wait) => wait + ((wait < MaxJitter ? wait : MaxJitter) * random.NextDouble());
}
