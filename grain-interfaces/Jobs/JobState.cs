namespace Quiver.GrainInterfaces.Jobs;

/// <summary>Where a job stands.</summary>
[GenerateSerializer, Alias("quiver.job-state.v1")]
public enum JobState
{
    /// <summary>Accepted, waiting for its tenant's turn.</summary>
    Queued = 1,

    /// <summary>Reading, embedding, storing; or waiting for a silo to go on after a stop.</summary>
    Running = 2,

    /// <summary>Stopped by a command, to be resumed by one.</summary>
    Paused = 3,

    /// <summary>The source ended and everything read is stored.</summary>
    Completed = 4,

    /// <summary>As <see cref="Completed"/>, but some documents failed or the counts do not add up.</summary>
    CompletedWithWarnings = 5,

    /// <summary>Stopped by an error; can be retried from its checkpoint.</summary>
    Failed = 6,

    /// <summary>Stopped for good by a command.</summary>
    Cancelled = 7,
}
