using Quiver.Cli.Output;
using Quiver.Cli.Parsing;
using Quiver.Cli.Sessions;
using Quiver.Client.Json;

namespace Quiver.Cli.Watching;

/// <summary>Follows a job to its end. When interrupted, it detaches from a server, or drains the silo in this process.</summary>
internal sealed class JobFollower(CommandContext context, IClientSession session)
{
    private readonly CliOutput _output = context.Output;
    private readonly Interruption _interruption = context.Environment.Interruption;

    /// <summary>Follows the job with a progress display, prints its report and returns its exit code.</summary>
    public async Task<int> FollowAsync(JobStatus status)
    {
        var report = await WatchAsync(status);
        Print(report);
        return ExitCodeOf(report.Status);
    }

    /// <summary>Follows the job to its end or to the interruption, without printing a result.</summary>
    /// <exception cref="TransientException">With <see cref="CliErrorCodes.EventsEnded"/>, or with the code for which the job paused itself.</exception>
    public async Task<JobReport> WatchAsync(JobStatus status)
    {
        context.AbortNote = session.RunsJobsElsewhere
            ? $"Job {status.Id} continues on {session.Where}."
            : $"Batches that were not committed are processed again by: {context.Hint($"jobs resume {status.Id}")}";
        if (!status.State.IsFinal() && !JobWatchErrors.HasPausedItself(status))
        {
            await ShowProgressAsync(status);
        }

        if (_interruption.IsRequested && session.RunsJobsElsewhere)
        {
            _output.Note($"detached: job {status.Id} continues on {session.Where}; follow it with: {context.Hint($"jobs watch {status.Id}")}");
        }
        else if (_interruption.IsRequested)
        {
            await DrainAsync();
        }

        var report = await session.Client.GetReportAsync(status.Id, _interruption.Forced);
        if (report.Status.State.IsFinal())
        {
            return report;
        }

        if (!_interruption.IsRequested)
        {
            throw JobWatchErrors.Unfinished(context, report.Status);
        }

        if (!session.RunsJobsElsewhere)
        {
            var committed = Quantities.Count(report.Status.LastCommittedIndex + 1, "committed document");
            _output.Note($"stopped after {committed}; resume with: {context.Hint($"jobs resume {status.Id}")}");
        }

        return report;
    }

    /// <summary>Prints a report as JSON, or the summary of a final job.</summary>
    public void Print(JobReport report) => _output.Result(report, QuiverJsonContext.Shared.JobReport, _ =>
    {
        if (report.Status.State.IsFinal())
        {
            JobPrinter.PrintReport(_output, report, context.Hint($"jobs failures {report.Status.Id}"));
        }
    });

    /// <summary>The exit code of a final job; a job that is not final was interrupted.</summary>
    public int ExitCodeOf(JobStatus status) => status.State.IsFinal() ? ExitCodes.For(status.State) : _interruption.ExitCode;

    private Task ShowProgressAsync(JobStatus status)
    {
        var environment = context.Environment;
        var tracker = new ProgressTracker(status, environment.Time);

        // Logs between redraws would break the live line.
        IProgressDisplay display =
            environment.IsErrorTerminal && !context.Verbose ? new LiveProgress(environment.Error) : new PlainProgress(_output, environment.Time);
        return display.RunAsync(tracker.Latest, async show =>
        {
            try
            {
                await foreach (var change in session.Client.WatchJobAsync(status.Id, status.LastEventSequence, _interruption.Requested))
                {
                    show(tracker.Apply(change));
                    if (JobWatchErrors.HasPausedItself(change))
                    {
                        return;
                    }
                }
            }
            catch (OperationCanceledException) when (_interruption.IsRequested)
            {
                // The caller handles the interruption.
                return;
            }
        });
    }

    private async Task DrainAsync()
    {
        _output.Note("stopping: waiting for the batches in flight; a second Ctrl-C exits immediately.");
        try
        {
            await session.DrainAsync(_interruption.Forced);
        }
        catch (TimeoutException)
        {
            _output.Note("the batches in flight took too long; a resume processes them again.");
        }
    }
}

/// <summary>Prints a job's events as JSON lines.</summary>
internal sealed class JobEventPrinter(CommandContext context, IClientSession session)
{
    /// <summary>Prints events from the first stored one.</summary>
    /// <param name="status">The job.</param>
    /// <param name="follow">Whether to continue until the job ends; otherwise only the events stored so far are printed.</param>
    /// <returns>An exit code.</returns>
    public async Task<int> PrintAsync(JobStatus status, bool follow)
    {
        if (await PrintUntilAsync(status, follow ? null : status.LastEventSequence))
        {
            context.Output.Note(session.RunsJobsElsewhere ? $"detached: job {status.Id} continues on {session.Where}." : "stopped before the work was done.");
            return context.Environment.Interruption.ExitCode;
        }

        if (!follow)
        {
            throw JobWatchErrors.NotRunning(context, status);
        }

        status = await session.Client.GetJobAsync(status.Id, context.Stop);
        return status.State.IsFinal() ? ExitCodes.For(status.State) : throw JobWatchErrors.Unfinished(context, status);
    }

    /// <summary>Whether the printing was interrupted.</summary>
    private async Task<bool> PrintUntilAsync(JobStatus status, long? last)
    {
        if (last == 0)
        {
            return false;
        }

        try
        {
            await foreach (var change in session.Client.WatchJobAsync(status.Id, 0, context.Stop))
            {
                context.Output.Json(change, QuiverJsonContext.Shared.JobEvent);
                context.Output.Flush();
                if (change.Sequence >= last || (change.Sequence >= status.LastEventSequence && JobWatchErrors.HasPausedItself(change)))
                {
                    return false;
                }
            }
        }
        catch (OperationCanceledException) when (context.Stop.IsCancellationRequested)
        {
            return true;
        }

        return context.Stop.IsCancellationRequested;
    }
}

/// <summary>The errors of a watch that ends before its job.</summary>
internal static class JobWatchErrors
{
    /// <summary>Whether an event says that the job paused itself because of an error.</summary>
    public static bool HasPausedItself(JobEvent change) => change is { Kind: JobEventKind.StateChanged, State: JobState.Paused, Code: not null };

    /// <summary>Whether a job paused itself because of an error.</summary>
    public static bool HasPausedItself(JobStatus status) => status is { State: JobState.Paused, ErrorCode: not null };

    /// <summary>The error of a watch that would never end.</summary>
    public static ConflictException NotRunning(CommandContext context, JobStatus status) => new(
        CliErrorCodes.JobNotRunning,
        $"Job {status.Id} is {JobPrinter.StateOf(status)}, and no process is running it. Resume it with: {context.Hint($"jobs resume {status.Id}")}");

    /// <summary>The error of a job that is not final at the end of its events.</summary>
    public static TransientException Unfinished(CommandContext context, JobStatus status) => HasPausedItself(status)
        ? new(status.ErrorCode!, $"Job {status.Id} paused itself: {status.ErrorMessage} Resume it{(status.ResumesAt is null ? "" : " earlier")} with: {context.Hint($"jobs resume {status.Id}")}")
        : new(
            CliErrorCodes.EventsEnded,
            $"The event stream of job {status.Id} ended before the job. Check the job with: {context.Hint($"jobs show {status.Id}")}");
}
