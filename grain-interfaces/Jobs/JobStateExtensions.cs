namespace Quiver.GrainInterfaces.Jobs;

/// <summary>Questions about a state.</summary>
public static class JobStateExtensions
{
    /// <summary>True when the job will not go on by itself and only a retry could change it.</summary>
    /// <param name="state">The state.</param>
    public static bool IsFinal(this JobState state) =>
        state is JobState.Completed or JobState.CompletedWithWarnings or JobState.Failed or JobState.Cancelled;

    /// <summary>True when the source was stored to its end.</summary>
    /// <param name="state">The state.</param>
    public static bool IsSuccess(this JobState state) => state is JobState.Completed or JobState.CompletedWithWarnings;

    /// <summary>The state as people read it, such as "completed with warnings".</summary>
    /// <param name="state">The state.</param>
    public static string InWords(this JobState state) => state switch
    {
        JobState.Queued => "queued",
        JobState.Running => "running",
        JobState.Paused => "paused",
        JobState.Completed => "completed",
        JobState.CompletedWithWarnings => "completed with warnings",
        JobState.Failed => "failed",
        JobState.Cancelled => "cancelled",
        _ => $"in the unknown state {(int)state}",
    };
}
