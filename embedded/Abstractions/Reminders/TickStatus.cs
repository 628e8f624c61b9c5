namespace Orleans.Runtime;

/// <summary>The times of a reminder's tick, in UTC.</summary>
/// <param name="firstTickTime">When the first tick was due.</param>
/// <param name="period">The reminder's period.</param>
/// <param name="timeStamp">When this tick was sent.</param>
public readonly struct TickStatus(DateTime firstTickTime, TimeSpan period, DateTime timeStamp)
{
    /// <summary>When the first tick was due.</summary>
    public DateTime FirstTickTime { get; } = firstTickTime;

    /// <summary>The reminder's period.</summary>
    public TimeSpan Period { get; } = period;

    /// <summary>When this tick was sent.</summary>
    public DateTime CurrentTickTime { get; } = timeStamp;
}
