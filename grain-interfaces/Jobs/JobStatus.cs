namespace Quiver.GrainInterfaces.Jobs;

/// <summary>The current status of a job; also the ledger's summary of it.</summary>
[GenerateSerializer, Immutable, Alias("quiver.job-status.v1")]
public sealed record JobStatus
{
    /// <summary>The job.</summary>
    [Id(0)] public required JobId Id { get; init; }

    /// <summary>The spec that was submitted.</summary>
    [Id(1)] public required JobSpec Spec { get; init; }

    /// <summary>Its state.</summary>
    [Id(2)] public required JobState State { get; init; }

    /// <summary>True while a silo works on it; a running job without a silo continues when a silo starts.</summary>
    [Id(3)] public bool Active { get; init; }

    /// <summary>What was done.</summary>
    [Id(4)] public JobCounters Counters { get; init; } = JobCounters.Zero;

    /// <summary>The ordinal of the last document of the committed prefix; −1 before the first.</summary>
    [Id(5)] public long LastCommittedIndex { get; init; } = -1;

    /// <summary>Documents in the source, if known in advance; for display and for the comparison at the end.</summary>
    [Id(6)] public long? ExpectedDocuments { get; init; }

    /// <summary>How many runs of the job have started; each takes the next.</summary>
    [Id(7)] public long Epoch { get; init; }

    /// <summary>The collection's generation that this job writes; 0 before its first start and in a dry run.</summary>
    [Id(8)] public long Generation { get; init; }

    /// <summary>When it was submitted, UTC.</summary>
    [Id(9)] public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it first ran.</summary>
    [Id(10)] public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it ended.</summary>
    [Id(11)] public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>Time spent running, waits included, without pauses and interruptions.</summary>
    [Id(12)] public TimeSpan Elapsed { get; init; }

    /// <summary>Why it failed or paused itself: a stable code.</summary>
    [Id(13)] public string? ErrorCode { get; init; }

    /// <summary>Why it failed or paused itself, or what the warnings are: a sentence.</summary>
    [Id(14)] public string? ErrorMessage { get; init; }

    /// <summary>The sequence number of its last event; 0 before the first.</summary>
    [Id(15)] public long LastEventSequence { get; init; }

    /// <summary>Why the job makes no progress, such as a wait before a retry; null while it makes progress.</summary>
    [Id(16)] public string? StalledBecause { get; init; }

    /// <summary>
    /// When the paused job continues by itself, because a quota of its provider resets then; null when it does not. It continues earlier
    /// when it is resumed.
    /// </summary>
    [Id(17)] public DateTimeOffset? ResumesAt { get; init; }

    /// <summary>The part of <see cref="Elapsed"/> in which the job made no progress because it waited for a provider, a store or its source.</summary>
    [Id(18)] public TimeSpan Waiting { get; init; }

    /// <summary>The rest of <see cref="Elapsed"/>.</summary>
    public TimeSpan Working => Elapsed - Waiting;

    /// <summary>Documents finished per second over the last half minute; null when no silo works on the job.</summary>
    [Id(19)] public double? DocumentsPerSecond { get; init; }

    /// <summary>How long the rest of the source takes at this rate; null when the rate or the number of documents is unknown.</summary>
    [Id(20)] public TimeSpan? TimeLeft { get; init; }
}

/// <summary>The state of a job.</summary>
[GenerateSerializer, Alias("quiver.job-state.v1")]
public enum JobState
{
    /// <summary>Accepted; waits until its tenant admits it.</summary>
    Queued = 1,

    /// <summary>Reading, embedding, storing; or interrupted and waiting for a silo; or resumed and waiting for its tenant's limit.</summary>
    Running = 2,

    /// <summary>Paused by a command or a full store, until a command resumes it, or by a quota, until it resets.</summary>
    Paused = 3,

    /// <summary>The source ended and every document is accounted for.</summary>
    Completed = 4,

    /// <summary>As <see cref="Completed"/>, but some documents failed or the counts do not add up.</summary>
    CompletedWithWarnings = 5,

    /// <summary>Stopped by an error; can be retried.</summary>
    Failed = 6,

    /// <summary>Cancelled by a command; final.</summary>
    Cancelled = 7,
}

/// <summary>Classifies and names states.</summary>
public static class JobStateExtensions
{
    /// <summary>True when the job has ended; only a retry could change that.</summary>
    public static bool IsFinal(this JobState state) =>
        state is JobState.Completed or JobState.CompletedWithWarnings or JobState.Failed or JobState.Cancelled;

    /// <summary>True when the job processed its source to the end.</summary>
    public static bool IsSuccess(this JobState state) => state is JobState.Completed or JobState.CompletedWithWarnings;

    /// <summary>The state in words, such as "completed with warnings".</summary>
    public static string InWords(this JobState state) => state switch
    {
        JobState.Queued => "queued",
        JobState.Running => "running",
        JobState.Paused => "paused",
        JobState.Completed => "completed",
        JobState.CompletedWithWarnings => "completed with warnings",
        JobState.Failed => "failed",
        JobState.Cancelled => "cancelled",
        _ => $"in the unknown state {(int)state}",
    };
}

/// <summary>A request for a page of a tenant's jobs, newest first.</summary>
[GenerateSerializer, Immutable, Alias("quiver.job-list-request.v1")]
public sealed record JobListRequest
{
    /// <summary>Only jobs in this state.</summary>
    [Id(0)] public JobState? State { get; init; }

    /// <summary>Only jobs of this collection.</summary>
    [Id(1)] public CollectionName? Collection { get; init; }

    /// <summary>The page's size, 1 to <see cref="PageSize.Max"/>. Default: 50.</summary>
    [Id(2)] public int Limit { get; init; } = 50;

    /// <summary>The <see cref="Page{T}.Next"/> of the page before.</summary>
    [Id(3)] public string? After { get; init; }
}

/// <summary>A summary of what a job did.</summary>
[GenerateSerializer, Immutable, Alias("quiver.job-report.v1")]
public sealed record JobReport
{
    /// <summary>The job's current status.</summary>
    [Id(0)] public required JobStatus Status { get; init; }

    /// <summary>Documents finished per second, over <see cref="JobStatus.Elapsed"/>; 0 when nothing ran.</summary>
    [Id(1)] public required double DocumentsPerSecond { get; init; }

    /// <summary>Chunks stored per second, over <see cref="JobStatus.Elapsed"/>.</summary>
    [Id(2)] public required double ChunksPerSecond { get; init; }

    /// <summary>Failed documents by code, the most frequent first, from the first 1,000 that the ledger keeps.</summary>
    [Id(3)] public ImmutableDictionary<string, long> FailuresByCode { get; init; } = ImmutableDictionary<string, long>.Empty;

    /// <summary>The first ten failed documents.</summary>
    [Id(4)] public ImmutableArray<FailedDocument> FirstFailures { get; init; } = [];
}

/// <summary>A document that failed alone.</summary>
[GenerateSerializer, Immutable, Alias("quiver.failed-document.v1")]
public sealed record FailedDocument
{
    /// <summary>Its 0-based position in the source.</summary>
    [Id(0)] public required long Ordinal { get; init; }

    /// <summary>Its id, or its file and line when it has no id.</summary>
    [Id(1)] public required string DocumentId { get; init; }

    /// <summary>A stable code.</summary>
    [Id(2)] public required string Code { get; init; }

    /// <summary>What is wrong with it: a sentence.</summary>
    [Id(3)] public required string Reason { get; init; }

    /// <summary>When it failed, UTC.</summary>
    [Id(4)] public required DateTimeOffset At { get; init; }
}
