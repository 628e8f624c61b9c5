using System.Collections.Frozen;

namespace Quiver.Core.Jobs;

/// <summary>
/// The table of a job's states. Pure: record, trigger and time give the next record with its events, or a refusal. A command that asks for
/// the state that the job is in already changes nothing, so that repeating a command is harmless.
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
        [(JobState.Failed, JobTrigger.Retry)] = JobState.Queued,
        [(JobState.Cancelled, JobTrigger.Cancel)] = JobState.Cancelled,
    }.ToFrozenDictionary();

    private static readonly ImmutableArray<JobTrigger> Commands = [JobTrigger.Pause, JobTrigger.Resume, JobTrigger.Cancel, JobTrigger.Retry];

    /// <summary>The state that a trigger leads to, or null where it is not allowed.</summary>
    /// <param name="state">The present state.</param>
    /// <param name="trigger">What happens.</param>
    public static JobState? Next(JobState state, JobTrigger trigger) => Table.TryGetValue((state, trigger), out var next) ? next : null;

    /// <summary>What becomes of a record.</summary>
    /// <param name="job">The present record.</param>
    /// <param name="trigger">What happens.</param>
    /// <param name="now">The time.</param>
    /// <param name="code">For <see cref="JobTrigger.Fail"/> and <see cref="JobTrigger.Suspend"/>: a stable code.</param>
    /// <param name="message">For a failure or warnings: a sentence.</param>
    public static JobDecision Decide(JobRecord job, JobTrigger trigger, DateTimeOffset now, string? code = null, string? message = null)
    {
        ArgumentNullException.ThrowIfNull(job);
        if (Next(job.State, trigger) is not { } state)
        {
            return new(null, new JobRefusal(job.Id, job.State, trigger, [.. Commands.Where(command => Next(job.State, command) is { } other && other != job.State)]));
        }

        if (state == job.State)
        {
            return new(job, null);
        }

        if (Commands.Contains(trigger))
        {
            job = job.WithEvent(JobEventKind.CommandReceived, now, message: trigger.ToString().ToLowerInvariant());
        }

        if (trigger == JobTrigger.Retry && (job.SourceEnded || job.ErrorCode is ErrorCodes.TooManyFailures or ErrorCodes.RefusedText))
        {
            // What was read is too bad: only reading it again can find it mended. What is stored counts without a call.
            job = job.FromTheBeginning();
        }

        var next = job with
        {
            State = state,
            StartedAt = state == JobState.Running ? job.StartedAt ?? now : job.StartedAt,
            FinishedAt = state.IsFinal() ? now : null,
            ErrorCode = trigger is JobTrigger.Fail or JobTrigger.Suspend ? code : null,
            ErrorMessage = message,
        };
        return new(next.WithEvent(JobEventKind.StateChanged, now, next.ErrorCode, message), null);
    }
}
