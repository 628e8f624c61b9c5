namespace Orleans.Runtime;

/// <summary>The times of a reminder's tick, in UTC.</summary>
/// <param name="FirstTickTime">When the first tick was due.</param>
/// <param name="Period">The reminder's period.</param>
/// <param name="CurrentTickTime">When this tick was sent.</param>
public readonly record struct TickStatus(DateTime FirstTickTime, TimeSpan Period, DateTime CurrentTickTime);
