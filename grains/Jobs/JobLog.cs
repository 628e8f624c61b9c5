using Microsoft.Extensions.Logging;

namespace Quiver.Grains.Jobs;

/// <summary>Log messages of jobs, event ids 1000 to 1099.</summary>
internal static partial class JobLog
{
    [LoggerMessage(1000, LogLevel.Information, "Job {Job} is now {State}{Detail}")]
    public static partial void Entered(ILogger logger, JobKey job, JobState state, string detail);

    [LoggerMessage(1001, LogLevel.Information, "Job {Job} continues at document {Ordinal} with epoch {Epoch}")]
    public static partial void Continued(ILogger logger, JobKey job, long ordinal, long epoch);

    [LoggerMessage(1002, LogLevel.Debug, "Job {Job} committed {Documents} documents, up to ordinal {LastCommittedIndex}")]
    public static partial void Checkpointed(ILogger logger, JobKey job, long documents, long lastCommittedIndex);

    [LoggerMessage(1003, LogLevel.Warning, "Job {Job} makes no progress: {Reason} ({Code})")]
    public static partial void Stalled(ILogger logger, JobKey job, string reason, string code);

    [LoggerMessage(1004, LogLevel.Error, "Job {Job} failed: {Reason} ({Code})")]
    public static partial void Failed(ILogger logger, Exception exception, JobKey job, string reason, string code);

    [LoggerMessage(1005, LogLevel.Warning, "Events of job {Job} could not be written to the ledger; they will be written with the next ones")]
    public static partial void NotPublished(ILogger logger, Exception exception, JobKey job);

    [LoggerMessage(1006, LogLevel.Error, "Job {Job} cannot save its state; a new activation continues from the last saved state")]
    public static partial void NotSaved(ILogger logger, Exception exception, JobKey job);

    [LoggerMessage(1007, LogLevel.Warning, "Job {Job} did not drain within {Timeout}; its batches in flight will be repeated")]
    public static partial void NotDrained(ILogger logger, JobKey job, TimeSpan timeout);

    [LoggerMessage(1008, LogLevel.Warning, "Job {Job} could not end its admission; the tenant ends it when the next job requests admission")]
    public static partial void NotReleased(ILogger logger, Exception exception, JobKey job);

    [LoggerMessage(1009, LogLevel.Warning, "The model usage of job {Job} could not be read; its report may lack the usage of its last calls")]
    public static partial void NotMetered(ILogger logger, Exception exception, JobKey job);

    [LoggerMessage(1010, LogLevel.Debug, "Events of job {Job} could not be published to the stream; subscribers read them from the ledger")]
    public static partial void NotStreamed(ILogger logger, Exception exception, JobKey job);

    [LoggerMessage(1011, LogLevel.Warning, "Job {Job} pauses until it is resumed: {Reason} ({Code})")]
    public static partial void Suspended(ILogger logger, JobKey job, string reason, string code);

    [LoggerMessage(1014, LogLevel.Warning, "Job {Job} pauses until {ResumesAt:u}: {Reason} ({Code})")]
    public static partial void PausedUntil(ILogger logger, JobKey job, DateTimeOffset resumesAt, string reason, string code);

    [LoggerMessage(1012, LogLevel.Warning, "The vector store was restarted while job {Job} wrote to it: searching for lost points")]
    public static partial void StoreRestarted(ILogger logger, JobKey job);

    [LoggerMessage(1013, LogLevel.Debug, "The vector store does not identify its process: a restart during job {Job} cannot be detected")]
    public static partial void StoreInstanceUnknown(ILogger logger, Exception exception, JobKey job);

    [LoggerMessage(1016, LogLevel.Error, "Job {Job} is {State}, but its state cannot be saved; the silo keeps it in memory and tries again every {Period}: {Reason}")]
    public static partial void Held(ILogger logger, JobKey job, JobState state, TimeSpan period, string reason);

    [LoggerMessage(1017, LogLevel.Information, "The state of job {Job} is saved now")]
    public static partial void HeldSaved(ILogger logger, JobKey job);
}
