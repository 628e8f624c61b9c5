namespace Quiver.Core.Resilience;

/// <summary>
/// Exponential backoff with full jitter (Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog 2015): the n-th wait is uniform
/// between 0 and min(cap, base · 2ⁿ).
/// </summary>
internal sealed class RetrySchedule(TimeSpan baseDelay, TimeSpan maxDelay, Random random)
{
    /// <summary>The wait before another attempt.</summary>
    /// <param name="attempt">Attempts made so far, from 1.</param>
    public TimeSpan Delay(int attempt)
    {
        var ceiling = Math.Min(maxDelay.TotalMilliseconds, baseDelay.TotalMilliseconds * Math.Pow(2, Math.Min(attempt - 1, 30)));
        return TimeSpan.FromMilliseconds(ceiling * random.NextDouble());
    }
}
