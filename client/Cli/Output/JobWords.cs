namespace Quiver.Client.Cli.Output;

/// <summary>What people read about a job's state.</summary>
internal static class JobWords
{
    /// <summary>A state in words.</summary>
    public static string Of(JobState state) => state switch
    {
        JobState.Queued => "queued",
        JobState.Running => "running",
        JobState.Paused => "paused",
        JobState.Completed => "completed",
        JobState.CompletedWithWarnings => "completed with warnings",
        JobState.Failed => "failed",
        JobState.Cancelled => "cancelled",
        _ => state.ToString(),
    };

    /// <summary>A job's state; a running job that nobody works on is interrupted.</summary>
    public static string Of(JobStatus status) => IsInterrupted(status) ? "interrupted" : Of(status.State);

    /// <summary>True when the job should run and no silo works on it.</summary>
    public static bool IsInterrupted(JobStatus status) => status is { State: JobState.Running, Active: false };
}
