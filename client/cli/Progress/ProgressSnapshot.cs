namespace Quiver.Cli.Progress;

/// <summary>How far a job is, as it may be shown.</summary>
internal sealed record ProgressSnapshot
{
    public required JobId Job { get; init; }

    public required JobState State { get; init; }

    public required JobCounters Counters { get; init; }

    /// <summary>Documents in the source; null when unknown or shown to be wrong.</summary>
    public long? Expected { get; init; }

    /// <summary>0 to 100; null when the total is unknown. Never less than in a snapshot before; 100 only when the job is done.</summary>
    public int? Percent { get; init; }

    /// <summary>Documents finished a second since the watch began; 0 at first.</summary>
    public double DocumentsPerSecond { get; init; }

    /// <summary>Why there is no progress; null while there is.</summary>
    public string? Stall { get; init; }

    /// <summary>Whether this must be shown whatever was shown a moment ago.</summary>
    public bool IsNews { get; init; }
}
