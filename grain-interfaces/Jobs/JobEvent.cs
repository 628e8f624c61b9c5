namespace Quiver.GrainInterfaces.Jobs;

/// <summary>One step of a job's history.</summary>
[GenerateSerializer, Immutable, Alias("quiver.job-event.v1")]
public sealed record JobEvent
{
    /// <summary>1-based, without gaps within a job.</summary>
    [Id(0)]
    public required long Sequence { get; init; }

    /// <summary>What it tells.</summary>
    [Id(1)]
    public required JobEventKind Kind { get; init; }

    /// <summary>When, UTC.</summary>
    [Id(2)]
    public required DateTimeOffset At { get; init; }

    /// <summary>The job's state after it.</summary>
    [Id(3)]
    public required JobState State { get; init; }

    /// <summary>What was done by then.</summary>
    [Id(4)]
    public required JobCounters Counters { get; init; }

    /// <summary>The committed prefix by then; −1 before the first document.</summary>
    [Id(5)]
    public long LastCommittedIndex { get; init; } = -1;

    /// <summary>A stable code, for errors and stalls.</summary>
    [Id(6)]
    public string? Code { get; init; }

    /// <summary>A sentence for people.</summary>
    [Id(7)]
    public string? Message { get; init; }

    /// <summary>Documents in the source, where known; for display only.</summary>
    [Id(8)]
    public long? ExpectedDocuments { get; init; }
}
