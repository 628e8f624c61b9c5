namespace Quiver.Core.Resilience;

/// <summary>
/// Exponential backoff with full jitter (Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog 2015): the n-th delay is uniform
/// between 0 and min(maxDelay, baseDelay · 2ⁿ⁻¹).
/// </summary>
internal sealed class RetrySchedule(TimeSpan baseDelay, TimeSpan maxDelay, Random random)
{
    /// <summary>The longest delay that a remote side can request.</summary>
    public static readonly TimeSpan MaxRetryAfter = TimeSpan.FromHours(1);

    /// <summary>The longest time until a quota resets: a month.</summary>
    public static readonly TimeSpan MaxQuotaWait = TimeSpan.FromDays(31);

    /// <summary>The delay before the next attempt.</summary>
    /// <param name="attempt">Attempts made so far, from 1.</param>
    public TimeSpan Delay(int attempt)
    {
        var ceiling = Math.Min(maxDelay.TotalMilliseconds, baseDelay.TotalMilliseconds * Math.Pow(2, Math.Min(attempt - 1, 30)));
        return TimeSpan.FromMilliseconds(ceiling * random.NextDouble());
    }

    /// <summary>Limits a requested delay to 0 … <see cref="MaxRetryAfter"/>: a remote clock that is wrong asks for negative delays, or for years.</summary>
    public static TimeSpan Clamp(TimeSpan retryAfter) => Clamp(retryAfter, MaxRetryAfter);

    /// <summary>Limits the time until a quota resets to 0 … <see cref="MaxQuotaWait"/>; an hour where it is not known.</summary>
    public static TimeSpan ClampQuota(TimeSpan? retryAfter) => Clamp(retryAfter ?? MaxRetryAfter, MaxQuotaWait);

    private static TimeSpan Clamp(TimeSpan wait, TimeSpan max) => wait < TimeSpan.Zero ? TimeSpan.Zero : wait > max ? max : wait;
}
