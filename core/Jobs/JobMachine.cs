using System.Collections.Frozen;

namespace Quiver.Core.Jobs;

/// <summary>An input of <see cref="JobMachine"/>.</summary>
public enum JobTrigger
{
    /// <summary>The tenant admitted the job.</summary>
    Admit = 1,

    /// <summary>A command.</summary>
    Pause = 2,

    /// <summary>A command.</summary>
    Resume = 3,

    /// <summary>A command.</summary>
    Cancel = 4,

    /// <summary>A command.</summary>
    Retry = 5,

    /// <summary>The source ended, everything read is stored, no document failed and the counts add up.</summary>
    Complete = 6,

    /// <summary>As <see cref="Complete"/>, with something to report.</summary>
    CompleteWithWarnings = 7,

    /// <summary>The job cannot continue.</summary>
    Fail = 8,

    /// <summary>The job cannot continue until somebody frees space and resumes it, or until the time at which a quota resets.</summary>
    Suspend = 9,

    /// <summary>The time at which the paused job continues by itself has come.</summary>
    Continue = 10,
}

/// <summary>
/// The state machine of a job. Pure: record, trigger and time give the next record with its events, or a refusal. A command for the current
/// state changes nothing, so repeating a command is harmless.
/// </summary>
public static class JobMachine
{
    private static readonly FrozenDictionary<(JobState, JobTrigger), JobState> Table = new Dictionary<(JobState, JobTrigger), JobState>
    {
        [(JobState.Queued, JobTrigger.Admit)] = JobState.Running,
        [(JobState.Queued, JobTrigger.Cancel)] = JobState.Cancelled,
        [(JobState.Running, JobTrigger.Admit)] = JobState.Running,
        [(JobState.Running, JobTrigger.Resume)] = JobState.Running,
        [(JobState.Running, JobTrigger.Pause)] = JobState.Paused,
        [(JobState.Running, JobTrigger.Cancel)] = JobState.Cancelled,
        [(JobState.Running, JobTrigger.Complete)] = JobState.Completed,
        [(JobState.Running, JobTrigger.CompleteWithWarnings)] = JobState.CompletedWithWarnings,
        [(JobState.Running, JobTrigger.Fail)] = JobState.Failed,
        [(JobState.Running, JobTrigger.Suspend)] = JobState.Paused,
        [(JobState.Paused, JobTrigger.Pause)] = JobState.Paused,
        [(JobState.Paused, JobTrigger.Resume)] = JobState.Running,
        [(JobState.Paused, JobTrigger.Cancel)] = JobState.Cancelled,
        [(JobState.Paused, JobTrigger.Continue)] = JobState.Running,
        [(JobState.Failed, JobTrigger.Retry)] = JobState.Queued,
        [(JobState.Cancelled, JobTrigger.Cancel)] = JobState.Cancelled,
    }.ToFrozenDictionary();

    private static readonly ImmutableArray<JobTrigger> Commands = [JobTrigger.Pause, JobTrigger.Resume, JobTrigger.Cancel, JobTrigger.Retry];

    /// <summary>Returns the state that a trigger leads to, or null if it is not allowed.</summary>
    public static JobState? Next(JobState state, JobTrigger trigger) => Table.TryGetValue((state, trigger), out var next) ? next : null;

    /// <summary>Applies a trigger to a record.</summary>
    /// <param name="job">The current record.</param>
    /// <param name="trigger">The trigger.</param>
    /// <param name="now">The time.</param>
    /// <param name="code">For <see cref="JobTrigger.Fail"/> and <see cref="JobTrigger.Suspend"/>: a stable code.</param>
    /// <param name="message">For a failure or warnings: a sentence.</param>
    /// <param name="resumesAt">For <see cref="JobTrigger.Suspend"/>: when the job continues by itself; null when a command has to resume it.</param>
    public static JobDecision Decide(
        JobRecord job, JobTrigger trigger, DateTimeOffset now, string? code = null, string? message = null, DateTimeOffset? resumesAt = null)
    {
        ArgumentNullException.ThrowIfNull(job);
        if (Next(job.State, trigger) is not { } state)
        {
            var allowed = Commands.Where(command => Next(job.State, command) is { } other && other != job.State);
            return new(null, new JobRefusal(job.Id, job.State, trigger, [.. allowed]));
        }

        if (state == job.State)
        {
            // A pause by command lasts until a command ends it.
            return new(
                trigger == JobTrigger.Pause && job.ResumesAt is not null
                    ? (job with { ResumesAt = null }).WithEvent(JobEventKind.CommandReceived, now, message: "pause")
                    : job,
                null);
        }

        if (Commands.Contains(trigger))
        {
            job = job.WithEvent(JobEventKind.CommandReceived, now, message: trigger.ToString().ToLowerInvariant());
        }

        if (trigger == JobTrigger.Retry && (job.SourceEnded || job.ErrorCode is ErrorCodes.TooManyFailures or ErrorCodes.RefusedText))
        {
            // Too many documents failed: only reading the source again can find them corrected. Stored documents are skipped without a model call.
            job = job.FromTheBeginning();
        }

        var next = job with
        {
            State = state,
            StartedAt = state == JobState.Running ? job.StartedAt ?? now : job.StartedAt,
            FinishedAt = state.IsFinal() ? now : null,
            ErrorCode = trigger is JobTrigger.Fail or JobTrigger.Suspend ? code : null,
            ErrorMessage = message,
            ResumesAt = trigger == JobTrigger.Suspend ? resumesAt : null,
        };
        return new(next.WithEvent(JobEventKind.StateChanged, now, next.ErrorCode, message), null);
    }
}

/// <summary>The result of a trigger: exactly one of the two is set.</summary>
/// <param name="Next">The next record, equal to the current one when nothing changes.</param>
/// <param name="Refusal">Why the trigger is not allowed.</param>
public readonly record struct JobDecision(JobRecord? Next, JobRefusal? Refusal)
{
    /// <summary>Returns the next record.</summary>
    /// <exception cref="ConflictException">With <see cref="ErrorCodes.IllegalTransition"/>: the trigger was refused.</exception>
    public JobRecord NextOrThrow() => Next ?? throw new ConflictException(ErrorCodes.IllegalTransition, Refusal!.ToString());
}

/// <summary>A trigger that the state does not allow.</summary>
/// <param name="Job">The job.</param>
/// <param name="State">Its state.</param>
/// <param name="Trigger">The refused trigger.</param>
/// <param name="Allowed">Commands that the state allows.</param>
public sealed record JobRefusal(JobId Job, JobState State, JobTrigger Trigger, ImmutableArray<JobTrigger> Allowed)
{
    /// <summary>Returns a sentence that says what to do instead.</summary>
    public override string ToString()
    {
        var allowed = (Allowed.IsEmpty, State, Trigger) switch
        {
            (false, _, _) => $"allowed commands: {string.Join(", ", Allowed).ToLowerInvariant()}",
            (true, JobState.CompletedWithWarnings, JobTrigger.Retry) =>
                "fix the documents and submit the job again: unchanged documents cost nothing",
            (true, _, JobTrigger.Retry) => "submit the job again: documents that it has stored and that are unchanged cost nothing",
            _ => "no command applies to it any more",
        };
        return $"Job {Job} is {State.InWords()}, so it cannot {Verb}; {allowed}.";
    }

    private string Verb => Trigger switch
    {
        JobTrigger.Complete or JobTrigger.CompleteWithWarnings => "complete",
        JobTrigger.Continue => "continue",
        var command => command.ToString().ToLowerInvariant(),
    };
}
