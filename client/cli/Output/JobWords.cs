namespace Quiver.Cli.Output;

/// <summary>What people read about a job's state.</summary>
internal static class JobWords
{
    /// <summary>A job's state; a running job that nobody works on is interrupted.</summary>
    public static string Of(JobStatus status) => IsInterrupted(status) ? "interrupted" : status.State.InWords();

    /// <summary>True when the job should run and no silo works on it.</summary>
    public static bool IsInterrupted(JobStatus status) => status is { State: JobState.Running, Active: false };
}
