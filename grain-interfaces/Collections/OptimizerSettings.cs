namespace Quiver.GrainInterfaces.Collections;

/// <summary>How a store tidies up behind writes. Null members are left to the store.</summary>
[GenerateSerializer, Immutable, Alias("quiver.optimizer-settings.v1")]
public sealed record OptimizerSettings
{
    /// <summary>The part of deleted points that makes a segment be rewritten, 0 to 1.</summary>
    [Id(0)]
    public double? DeletedThreshold { get; init; }

    /// <summary>The fewest points of a segment that is rewritten, 100 to 1,000,000,000.</summary>
    [Id(1)]
    public int? VacuumMinVectors { get; init; }

    /// <summary>Segments to aim at, 0 to 1,024; 0 takes one for each processor.</summary>
    [Id(2)]
    public int? Segments { get; init; }

    /// <summary>Kilobytes that a segment may grow to, 1 to 2,000,000,000.</summary>
    [Id(3)]
    public int? MaxSegmentKb { get; init; }

    /// <summary>Kilobytes of vectors from which on a segment gets a graph, 0 to 2,000,000,000; 0 never builds one.</summary>
    [Id(4)]
    public int? IndexingThresholdKb { get; init; }

    /// <summary>Seconds between two flushes, 1 to 3,600.</summary>
    [Id(5)]
    public int? FlushIntervalSeconds { get; init; }

    /// <summary>Threads that tidy up, 0 to 1,024; 0 stops it.</summary>
    [Id(6)]
    public int? MaxThreads { get; init; }
}
