namespace Quiver.Core.Embedding.Budgets;

/// <summary>
/// Gives out at most so much in any minute, wherever the minute begins: a bucket that is smaller than the limit and is refilled so slowly that
/// bucket and refill together stay within it, also when what was given is used a little later. Not thread-safe.
/// </summary>
internal sealed class RateBucket
{
    private readonly double _rate;
    private DateTimeOffset _at;

    /// <summary>Creates a bucket.</summary>
    /// <param name="perMinute">The limit, at least <paramref name="capacity"/>.</param>
    /// <param name="capacity">What may come at once.</param>
    /// <param name="level">What is in it at first.</param>
    /// <param name="whole">True when only whole units are given out, so that a fraction beyond the limit is never used.</param>
    /// <param name="useWithin">How late what was given may be used.</param>
    /// <param name="now">The time.</param>
    public RateBucket(int perMinute, int capacity, double level, bool whole, TimeSpan useWithin, DateTimeOffset now)
    {
        const double almostOne = 0.999;
        Capacity = capacity;
        Level = Math.Min(level, capacity);
        _at = now;
        _rate = (perMinute + (whole ? almostOne : 0) - capacity) / (TimeSpan.FromMinutes(1) + useWithin).TotalSeconds;
    }

    /// <summary>What it holds at most.</summary>
    public double Capacity { get; }

    /// <summary>What is in it.</summary>
    public double Level { get; private set; }

    /// <summary>What comes in a second.</summary>
    public double PerSecond => _rate;

    /// <summary>Adds what has come since.</summary>
    public void Refill(DateTimeOffset now)
    {
        if (now > _at)
        {
            Level = Math.Min(Capacity, Level + ((now - _at).TotalSeconds * _rate));
            _at = now;
        }
    }

    /// <summary>Takes out; the caller has looked whether it is there.</summary>
    public void Take(double amount) => Level -= amount;

    /// <summary>How long until so much more is there.</summary>
    public TimeSpan Until(double missing) => TimeSpan.FromSeconds(Math.Max(0, missing) / _rate);
}
