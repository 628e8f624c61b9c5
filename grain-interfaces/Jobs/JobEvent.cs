namespace Quiver.GrainInterfaces.Jobs;

/// <summary>One step of a job's history.</summary>
[GenerateSerializer, Immutable, Alias("quiver.job-event.v1")]
public sealed record JobEvent
{
    /// <summary>1-based, without gaps within a job.</summary>
    [Id(0)] public required long Sequence { get; init; }

    /// <summary>What happened.</summary>
    [Id(1)] public required JobEventKind Kind { get; init; }

    /// <summary>When, UTC.</summary>
    [Id(2)] public required DateTimeOffset At { get; init; }

    /// <summary>The job's state after it.</summary>
    [Id(3)] public required JobState State { get; init; }

    /// <summary>The job's counters after it.</summary>
    [Id(4)] public required JobCounters Counters { get; init; }

    /// <summary>The ordinal of the last committed document; −1 before the first.</summary>
    [Id(5)] public long LastCommittedIndex { get; init; } = -1;

    /// <summary>A stable code, for errors and stalls.</summary>
    [Id(6)] public string? Code { get; init; }

    /// <summary>A sentence.</summary>
    [Id(7)] public string? Message { get; init; }

    /// <summary>Documents in the source, if known; for display and for the comparison at the end.</summary>
    [Id(8)] public long? ExpectedDocuments { get; init; }
}

/// <summary>The kind of an event.</summary>
[GenerateSerializer, Alias("quiver.job-event-kind.v1")]
public enum JobEventKind
{
    /// <summary>The job entered another state.</summary>
    StateChanged = 1,

    /// <summary>The committed prefix grew.</summary>
    BatchCommitted = 2,

    /// <summary>A command was received.</summary>
    CommandReceived = 3,

    /// <summary>Progress stopped; the message gives the reason.</summary>
    Stalled = 4,
}
