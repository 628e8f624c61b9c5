using Quiver.Cli.Output;
using Quiver.Cli.Parsing;
using Quiver.Cli.Progress;
using Quiver.Cli.Sessions;
using Quiver.Client.Json;

namespace Quiver.Cli.Watching;

/// <summary>
/// Follows a job to its end. Interrupted, it detaches from a server; in this process it drains, so that a later resume loses nothing.
/// </summary>
internal sealed class JobFollower(CommandContext context, IClientSession session)
{
    private readonly CliOutput _output = context.Output;
    private readonly Interruption _interruption = context.Environment.Interruption;

    /// <summary>Follows, prints the report and gives the exit code that fits.</summary>
    public async Task<int> FollowAsync(JobStatus status)
    {
        var report = await WatchAsync(status);
        Print(report);
        return ExitCodeOf(report.Status);
    }

    /// <summary>Follows to the end or to the interruption, without printing a result.</summary>
    /// <exception cref="TransientException">With <see cref="CliErrorCodes.EventsEnded"/>, or the code of what the job paused for by itself.</exception>
    public async Task<JobReport> WatchAsync(JobStatus status)
    {
        context.FarewellWhenForced = Farewell(status.Id);
        if (!status.State.IsFinal() && !Suspension.Is(status))
        {
            await ShowProgressAsync(status);
        }

        if (_interruption.IsRequested && session.IsServer)
        {
            _output.Note($"detached: job {status.Id} goes on at {session.Where}; follow it with: {context.Hint($"jobs watch {status.Id}")}");
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

        if (!_interruption.IsRequested && Suspension.Is(report.Status))
        {
            throw Suspension.Describe(context, report.Status);
        }

        if (!_interruption.IsRequested)
        {
            throw new TransientException(CliErrorCodes.EventsEnded, $"The events of job {status.Id} ended before the job did; look again with: {context.Hint($"jobs show {status.Id}")}");
        }

        if (!session.IsServer)
        {
            _output.Note($"stopped after {Quantities.Count(report.Status.LastCommittedIndex + 1, "committed document")}; go on with: {context.Hint($"jobs resume {status.Id}")}");
        }

        return report;
    }

    /// <summary>Prints a report: one JSON document, or a summary.</summary>
    public void Print(JobReport report)
    {
        if (_output.IsJson)
        {
            _output.Json(report, QuiverJsonContext.Shared.JobReport);
        }
        else if (report.Status.State.IsFinal())
        {
            JobSummary.Write(_output, report, context.Hint($"jobs failures {report.Status.Id}"));
        }
    }

    /// <summary>A job that ended says how; one that did not was interrupted.</summary>
    public int ExitCodeOf(JobStatus status) => status.State.IsFinal() ? ExitCodes.For(status.State) : _interruption.ExitCode;

    private Task ShowProgressAsync(JobStatus status)
    {
        var tracker = new ProgressTracker(status, context.Environment.Time);
        var display = ProgressDisplays.For(context.Environment, _output, context.Verbose);
        return display.RunAsync(tracker.Latest, async show =>
        {
            try
            {
                await foreach (var change in session.Client.WatchJobAsync(status.Id, status.LastEventSequence, _interruption.Requested))
                {
                    show(tracker.Apply(change));
                    if (Suspension.Is(change))
                    {
                        return;
                    }
                }
            }
            catch (OperationCanceledException) when (_interruption.IsRequested)
            {
                // Asked for; what follows is up to the caller.
                return;
            }
        });
    }

    private async Task DrainAsync()
    {
        _output.Note("stopping: the batches in flight finish first; once more to leave at once.");
        try
        {
            await session.DrainAsync(_interruption.Forced);
        }
        catch (TimeoutException)
        {
            _output.Note("the batches in flight took too long; what they had not committed is done again later.");
        }
    }

    private string Farewell(JobId job) => session.IsServer
        ? $"Job {job} goes on at {session.Where}."
        : $"What was not committed is done again by: {context.Hint($"jobs resume {job}")}";
}
