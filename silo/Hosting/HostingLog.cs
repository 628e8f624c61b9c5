using Orleans.Runtime;

namespace Quiver.Silo.Hosting;

/// <summary>Log messages of the host, event ids 3000 to 3099.</summary>
internal static partial class HostingLog
{
    [LoggerMessage(3000, LogLevel.Information, "Job {Job} was woken")]
    public static partial void Woken(ILogger logger, JobKey job);

    [LoggerMessage(3001, LogLevel.Warning, "Job {Job} could not be woken; it is tried again, by its reminder within a minute at the latest")]
    public static partial void NotWoken(ILogger logger, Exception error, JobKey job);

    [LoggerMessage(3002, LogLevel.Error, "The unfinished jobs cannot be listed; trying again in {Patience}")]
    public static partial void NotListed(ILogger logger, Exception error, TimeSpan patience);

    [LoggerMessage(3006, LogLevel.Error, "The local model cannot be loaded")]
    public static partial void ModelNotReady(ILogger logger, Exception error);

    [LoggerMessage(3004, LogLevel.Information, "{Count} jobs that ended long ago were forgotten")]
    public static partial void Purged(ILogger logger, int count);

    [LoggerMessage(3005, LogLevel.Warning, "Jobs that ended long ago could not be forgotten; trying again in {Period}")]
    public static partial void NotPurged(ILogger logger, Exception error, TimeSpan period);

    [LoggerMessage(3003, LogLevel.Error, "{Service} did not stop in good order")]
    public static partial void NotStopped(ILogger logger, Exception error, string service);

    [LoggerMessage(3007, LogLevel.Warning, "The reminders cannot be read to make up for missed ticks; each ticks again at its next time")]
    public static partial void RemindersNotRead(ILogger logger, Exception error);

    [LoggerMessage(3008, LogLevel.Warning, "The missed tick of reminder {Reminder} of {Grain} failed; it ticks again at its next time")]
    public static partial void ReminderNotReceived(ILogger logger, Exception error, string reminder, GrainId grain);
}
