
using Quiver.Core.Sources;

namespace Quiver.Core.Jobs;

/// <summary>A job's durable state. Small and bounded: a cursor, counters, and events not yet in the ledger.</summary>
public sealed record JobRecord
{
    /// <summary>The most events that wait in the state for the ledger.</summary>
    public const int MaxOutbox = 64;

    /// <summary>The job.</summary>
    public required JobId Id { get; init; }

    /// <summary>What was asked for, its source normalised.</summary>
    public required JobSpec Spec { get; init; }

    /// <summary>Where it stands.</summary>
    public required JobState State { get; init; }

    /// <summary>When it was submitted.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it first ran.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it ended.</summary>
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>Time spent running, up to the last checkpoint.</summary>
    public TimeSpan Elapsed { get; init; }

    /// <summary>How many activations have pumped it.</summary>
    public long Epoch { get; init; }

    /// <summary>The collection's generation that it writes; 0 before its first start and in a dry run.</summary>
    public long Generation { get; init; }

    /// <summary>Everything before it is stored.</summary>
    public SourceCursor Cursor { get; init; } = SourceCursor.Start;

    /// <summary>True when the source has ended and everything read is stored; only mirroring may be left.</summary>
    public bool SourceEnded { get; init; }

    /// <summary>What was done for the documents before <see cref="Cursor"/>.</summary>
    public JobCounters Counters { get; init; } = JobCounters.Zero;

    /// <summary>What was used of the model, by whatever became of it; no retry begins it anew.</summary>
    public JobUsage Usage { get; init; } = JobUsage.None;

    /// <summary>Documents in the source, where known; for display and for the final comparison.</summary>
    public long? ExpectedDocuments { get; init; }

    /// <summary>Why it failed.</summary>
    public string? ErrorCode { get; init; }

    /// <summary>Why it failed, or what the warnings are.</summary>
    public string? ErrorMessage { get; init; }

    /// <summary>The sequence number of the last event made.</summary>
    public long LastEventSequence { get; init; }

    /// <summary>Events made that may not have reached the ledger yet: appended again after a stop, where those that did are ignored.</summary>
    public ImmutableArray<JobEvent> Outbox { get; init; } = [];

    /// <summary>The process that took the first points; null before that, and where the store does not tell. Another one later may have lost some.</summary>
    public string? StoreInstance { get; init; }

    /// <summary>The ordinal of the last document of the committed prefix; −1 before the first.</summary>
    public long LastCommittedIndex => Cursor.NextOrdinal - 1;

    /// <summary>A new job.</summary>
    public static JobRecord Create(JobId id, JobSpec spec, DateTimeOffset now) =>
        new JobRecord { Id = id, Spec = spec, State = JobState.Queued, CreatedAt = now }
            .WithEvent(JobEventKind.StateChanged, now, message: "submitted");

    /// <summary>The record with one more event that tells of it.</summary>
    /// <param name="kind">What it tells.</param>
    /// <param name="now">The time.</param>
    /// <param name="code">A stable code.</param>
    /// <param name="message">A sentence.</param>
    public JobRecord WithEvent(JobEventKind kind, DateTimeOffset now, string? code = null, string? message = null)
    {
        var told = new JobEvent
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
        return this with { LastEventSequence = told.Sequence, Outbox = Outbox.IsDefault ? [told] : Outbox.Add(told) };
    }

    /// <summary>The record before its first document; what was used of the model stays used, and what was stored of earlier versions of objects stays stored.</summary>
    public JobRecord FromTheBeginning() => this with
    {
        Cursor = SourceCursor.Start,
        Usage = Spec.DryRun ? Usage : Usage.With(Counters),
        Counters = new JobCounters { SourceChanges = Counters.SourceChanges },
        SourceEnded = false,
        ExpectedDocuments = null,
    };

    /// <summary>The record as others see it.</summary>
    /// <param name="active">Whether a silo works on it.</param>
    /// <param name="stalledBecause">Why there is no progress at the moment.</param>
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
        ErrorCode = ErrorCode,
        ErrorMessage = ErrorMessage,
        LastEventSequence = LastEventSequence,
        StalledBecause = stalledBecause,
    };
}
