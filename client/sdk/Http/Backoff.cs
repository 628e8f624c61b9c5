namespace Quiver.Client.Http;

/// <summary>Exponential waits with full jitter between the attempts to take up a stream again. Not thread-safe.</summary>
internal sealed class Backoff(TimeSpan baseDelay, TimeSpan maxDelay, Random random)
{
    private int _attempt;

    public void Reset() => _attempt = 0;

    /// <summary>The next wait; at least as long as the other side asked for, at most the maximum.</summary>
    public TimeSpan Next(TimeSpan? atLeast)
    {
        // 30 doublings of any base delay are above any maximum.
        var ceiling = Math.Min(maxDelay.TotalMilliseconds, baseDelay.TotalMilliseconds * Math.Pow(2, Math.Min(_attempt++, 30)));
        var wait = TimeSpan.FromMilliseconds(ceiling * random.NextDouble());
        return atLeast > wait ? TimeSpan.FromTicks(Math.Min(atLeast.Value.Ticks, maxDelay.Ticks)) : wait;
    }
}
