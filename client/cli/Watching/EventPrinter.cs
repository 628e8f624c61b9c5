using Quiver.Cli.Output;
using Quiver.Cli.Parsing;
using Quiver.Cli.Sessions;
using Quiver.Client.Json;

namespace Quiver.Cli.Watching;

/// <summary>Prints a job's events as JSON lines.</summary>
internal sealed class EventPrinter(CommandContext context, IClientSession session)
{
    /// <summary>The error of a watch that could never end.</summary>
    public static ConflictException NotRunning(CommandContext context, JobStatus status) => new(
        CliErrorCodes.JobNotRunning,
        $"Job {status.Id} is {JobWords.Of(status)} and no server works on it; go on with: {context.Hint($"jobs resume {status.Id}")}");

    /// <summary>Prints events from the first that is kept.</summary>
    /// <param name="status">The job.</param>
    /// <param name="follow">Until the job ends; otherwise only those that there are by now.</param>
    /// <returns>An exit code.</returns>
    public async Task<int> PrintAsync(JobStatus status, bool follow)
    {
        if (await PrintUntilAsync(status, follow ? null : status.LastEventSequence))
        {
            return Interrupted(status);
        }

        if (!follow)
        {
            throw NotRunning(context, status);
        }

        status = await session.Client.GetJobAsync(status.Id, context.Stop);
        if (Suspension.Is(status))
        {
            throw Suspension.Describe(context, status);
        }

        return status.State.IsFinal()
            ? ExitCodes.For(status.State)
            : throw new TransientException(CliErrorCodes.EventsEnded, $"The events of job {status.Id} ended before the job did; look again with: {context.Hint($"jobs show {status.Id}")}");
    }

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
                if (change.Sequence >= last || (change.Sequence >= status.LastEventSequence && Suspension.Is(change)))
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

    private int Interrupted(JobStatus status)
    {
        context.Output.Note(session.IsServer
            ? $"detached: job {status.Id} goes on at {session.Where}."
            : "stopped before the work was done.");
        return context.Environment.Interruption.ExitCode;
    }
}
