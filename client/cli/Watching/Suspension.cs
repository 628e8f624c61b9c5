
using Quiver.Cli.Parsing;

namespace Quiver.Cli.Watching;

/// <summary>A job that paused by itself, because somebody must do something first: nobody should wait for its end.</summary>
internal static class Suspension
{
    /// <summary>Whether an event tells of it.</summary>
    public static bool Is(JobEvent change) => change is { Kind: JobEventKind.StateChanged, State: JobState.Paused, Code: not null };

    /// <summary>Whether a job stands so.</summary>
    public static bool Is(JobStatus status) => status is { State: JobState.Paused, ErrorCode: not null };

    /// <summary>Says why, and how to go on.</summary>
    public static TransientException Describe(CommandContext context, JobStatus status) =>
        new(status.ErrorCode ?? ErrorCodes.Internal, $"Job {status.Id} has paused: {status.ErrorMessage} Go on with: {context.Hint($"jobs resume {status.Id}")}");
}
