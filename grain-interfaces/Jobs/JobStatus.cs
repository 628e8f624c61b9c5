namespace Quiver.GrainInterfaces.Jobs;

/// <summary>A job as it stands; also the ledger's summary of it and, at the end, its report.</summary>
[GenerateSerializer, Immutable, Alias("quiver.job-status.v1")]
public sealed record JobStatus
{
    /// <summary>The job.</summary>
    [Id(0)]
    public required JobId Id { get; init; }

    /// <summary>What was asked for.</summary>
    [Id(1)]
    public required JobSpec Spec { get; init; }

    /// <summary>Where it stands.</summary>
    [Id(2)]
    public required JobState State { get; init; }

    /// <summary>True while a silo is working on it; a running job without one goes on when a silo starts.</summary>
    [Id(3)]
    public bool Active { get; init; }

    /// <summary>What was done.</summary>
    [Id(4)]
    public JobCounters Counters { get; init; } = JobCounters.Zero;

    /// <summary>The ordinal of the last document of the committed prefix; −1 before the first.</summary>
    [Id(5)]
    public long LastCommittedIndex { get; init; } = -1;

    /// <summary>Documents in the source where that is known in advance; for display only.</summary>
    [Id(6)]
    public long? ExpectedDocuments { get; init; }

    /// <summary>How many times an activation has taken the job up.</summary>
    [Id(7)]
    public long Epoch { get; init; }

    /// <summary>The collection's generation that this job writes; 0 before its first start and in a dry run.</summary>
    [Id(8)]
    public long Generation { get; init; }

    /// <summary>When it was submitted, UTC.</summary>
    [Id(9)]
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it first ran.</summary>
    [Id(10)]
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it ended.</summary>
    [Id(11)]
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>Time spent running, pauses and interruptions left out.</summary>
    [Id(12)]
    public TimeSpan Elapsed { get; init; }

    /// <summary>Why it failed: a stable code.</summary>
    [Id(13)]
    public string? ErrorCode { get; init; }

    /// <summary>Why it failed, or what the warnings are: a sentence.</summary>
    [Id(14)]
    public string? ErrorMessage { get; init; }

    /// <summary>The sequence number of its last event; 0 before the first.</summary>
    [Id(15)]
    public long LastEventSequence { get; init; }

    /// <summary>Why no progress is being made at the moment, such as a wait before a retry; null while there is progress.</summary>
    [Id(16)]
    public string? StalledBecause { get; init; }
}
