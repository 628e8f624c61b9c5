using Microsoft.Extensions.Logging;

namespace Quiver.Grains.Jobs;

/// <summary>Log messages of jobs, event ids 1000 to 1099.</summary>
internal static partial class JobLog
{
    [LoggerMessage(1000, LogLevel.Information, "Job {Job} is now {State}{Detail}")]
    public static partial void Entered(ILogger logger, JobKey job, JobState state, string detail);

    [LoggerMessage(1001, LogLevel.Information, "Job {Job} goes on at document {Ordinal} with epoch {Epoch}")]
    public static partial void TakenUp(ILogger logger, JobKey job, long ordinal, long epoch);

    [LoggerMessage(1002, LogLevel.Debug, "Job {Job} committed {Documents} documents, up to ordinal {LastCommittedIndex}")]
    public static partial void Checkpointed(ILogger logger, JobKey job, long documents, long lastCommittedIndex);

    [LoggerMessage(1003, LogLevel.Warning, "Job {Job} makes no progress: {Reason} ({Code})")]
    public static partial void Stalled(ILogger logger, JobKey job, string reason, string code);

    [LoggerMessage(1004, LogLevel.Error, "Job {Job} failed: {Reason} ({Code})")]
    public static partial void Failed(ILogger logger, Exception error, JobKey job, string reason, string code);

    [LoggerMessage(1005, LogLevel.Warning, "Events of job {Job} could not be told; they will be told with the next ones")]
    public static partial void NotTold(ILogger logger, Exception error, JobKey job);

    [LoggerMessage(1006, LogLevel.Error, "Job {Job} cannot save its state; it goes on from the last one in a new activation")]
    public static partial void NotSaved(ILogger logger, Exception error, JobKey job);

    [LoggerMessage(1007, LogLevel.Warning, "Job {Job} did not drain within {Timeout}; its batches in flight will be done again")]
    public static partial void NotDrained(ILogger logger, JobKey job, TimeSpan timeout);

    [LoggerMessage(1008, LogLevel.Warning, "Job {Job} could not give its turn back; the next job that asks will find it")]
    public static partial void NotReleased(ILogger logger, Exception error, JobKey job);

    [LoggerMessage(1009, LogLevel.Warning, "What job {Job} used of its model could not be read; answers of its last calls may be missing in its report")]
    public static partial void NotMetered(ILogger logger, Exception error, JobKey job);

    [LoggerMessage(1010, LogLevel.Debug, "Events of job {Job} could not be published; watchers take them from the ledger")]
    public static partial void NotPublished(ILogger logger, Exception error, JobKey job);

    [LoggerMessage(1011, LogLevel.Warning, "Job {Job} pauses until somebody resumes it: {Reason} ({Code})")]
    public static partial void Suspended(ILogger logger, JobKey job, string reason, string code);

    [LoggerMessage(1012, LogLevel.Warning, "The vector store is another process than when job {Job} began to write to it, so that it was restarted: what the job has written is looked for")]
    public static partial void StoreRestarted(ILogger logger, JobKey job);

    [LoggerMessage(1013, LogLevel.Debug, "The vector store does not say which process it is: whether it is restarted during job {Job} cannot be seen")]
    public static partial void StoreInstanceUnknown(ILogger logger, Exception error, JobKey job);
}
