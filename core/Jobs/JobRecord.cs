using Quiver.Core.Sources;

namespace Quiver.Core.Jobs;

/// <summary>A job's durable state. Small and bounded: a cursor, counters, and events that are not yet in the ledger.</summary>
public sealed record JobRecord
{
    /// <summary>The maximum number of events that wait in the state for the ledger.</summary>
    public const int MaxOutbox = 64;

    /// <summary>The job.</summary>
    public required JobId Id { get; init; }

    /// <summary>The submitted spec, its source normalised.</summary>
    public required JobSpec Spec { get; init; }

    /// <summary>Its state.</summary>
    public required JobState State { get; init; }

    /// <summary>When it was submitted.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it first ran.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it ended.</summary>
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>Time spent running, up to the last checkpoint.</summary>
    public TimeSpan Elapsed { get; init; }

    /// <summary>The part of <see cref="Elapsed"/> in which the job made no progress because it waited for a provider, a store or its source.</summary>
    public TimeSpan Waiting { get; init; }

    /// <summary>When the paused job continues by itself; null when it does not.</summary>
    public DateTimeOffset? ResumesAt { get; init; }

    /// <summary>How many runs have started; each takes the next.</summary>
    public long Epoch { get; init; }

    /// <summary>The collection's generation that it writes; 0 before its first start and in a dry run.</summary>
    public long Generation { get; init; }

    /// <summary>Everything before it is stored.</summary>
    public SourceCursor Cursor { get; init; } = SourceCursor.Start;

    /// <summary>True when the source has ended and everything read is stored; at most mirroring remains.</summary>
    public bool SourceEnded { get; init; }

    /// <summary>What was done for the documents before <see cref="Cursor"/>.</summary>
    public JobCounters Counters { get; init; } = JobCounters.Zero;

    /// <summary>Model usage, whether or not the results were stored; a retry does not reset it.</summary>
    public JobUsage Usage { get; init; } = JobUsage.None;

    /// <summary>Documents in the source, if known; for display and for the final comparison.</summary>
    public long? ExpectedDocuments { get; init; }

    /// <summary>Why it failed or paused itself.</summary>
    public string? ErrorCode { get; init; }

    /// <summary>Why it failed or paused itself, or what the warnings are.</summary>
    public string? ErrorMessage { get; init; }

    /// <summary>The sequence number of the last event.</summary>
    public long LastEventSequence { get; init; }

    /// <summary>
    /// Events that may not be in the ledger yet. After an interruption they are appended again; the ledger ignores those that it has.
    /// </summary>
    public ImmutableArray<JobEvent> Outbox { get; init; } = [];

    /// <summary>
    /// The store's process that received the first points; null before that, or if the store does not identify it. A later process may have
    /// lost points.
    /// </summary>
    public string? StoreInstance { get; init; }

    /// <summary>The ordinal of the last document of the committed prefix; −1 before the first.</summary>
    public long LastCommittedIndex => Cursor.NextOrdinal - 1;

    /// <summary>Creates a new job.</summary>
    public static JobRecord Create(JobId id, JobSpec spec, DateTimeOffset now) =>
        new JobRecord { Id = id, Spec = spec, State = JobState.Queued, CreatedAt = now }
            .WithEvent(JobEventKind.StateChanged, now, message: "submitted");

    /// <summary>Returns the record with a further event.</summary>
    /// <param name="kind">The kind of event.</param>
    /// <param name="now">The time.</param>
    /// <param name="code">A stable code.</param>
    /// <param name="message">A sentence.</param>
    public JobRecord WithEvent(JobEventKind kind, DateTimeOffset now, string? code = null, string? message = null)
    {
        var added = new JobEvent
        {
            Sequence = LastEventSequence + 1,
            Kind = kind,
            At = now,
            State = State,
            Counters = Usage.Into(Counters),
            LastCommittedIndex = LastCommittedIndex,
            Code = code,
            Message = message,
            ExpectedDocuments = ExpectedDocuments,
        };
        return this with { LastEventSequence = added.Sequence, Outbox = Outbox.IsDefault ? [added] : Outbox.Add(added) };
    }

    /// <summary>
    /// Returns the record reset to its first document. Keeps model usage, and the count of changed objects because their earlier versions
    /// stay stored.
    /// </summary>
    public JobRecord FromTheBeginning() => this with
    {
        Cursor = SourceCursor.Start,
        Usage = Spec.DryRun ? Usage : Usage.With(Counters),
        Counters = new JobCounters { SourceChanges = Counters.SourceChanges },
        SourceEnded = false,
        ExpectedDocuments = null,
    };

    /// <summary>Returns the public status.</summary>
    /// <param name="active">Whether a silo works on it.</param>
    /// <param name="stalledBecause">Why the job makes no progress; null while it does.</param>
    public JobStatus ToStatus(bool active = false, string? stalledBecause = null) => new()
    {
        Id = Id,
        Spec = Spec,
        State = State,
        Active = active,
        Counters = Usage.Into(Counters),
        LastCommittedIndex = LastCommittedIndex,
        ExpectedDocuments = ExpectedDocuments,
        Epoch = Epoch,
        Generation = Generation,
        CreatedAt = CreatedAt,
        StartedAt = StartedAt,
        FinishedAt = FinishedAt,
        Elapsed = Elapsed,
        Waiting = Waiting,
        ResumesAt = ResumesAt,
        ErrorCode = ErrorCode,
        ErrorMessage = ErrorMessage,
        LastEventSequence = LastEventSequence,
        StalledBecause = stalledBecause,
    };
}
