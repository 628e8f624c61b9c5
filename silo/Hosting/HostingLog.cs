using Orleans.Runtime;

namespace Quiver.Silo.Hosting;

/// <summary>Log messages of the host, event ids 3000 to 3099.</summary>
internal static partial class HostingLog
{
    [LoggerMessage(3000, LogLevel.Information, "Job {Job} was woken")]
    public static partial void Woken(ILogger logger, JobKey job);

    [LoggerMessage(3001, LogLevel.Warning, "Job {Job} could not be woken; its reminder tries again within a minute")]
    public static partial void NotWoken(ILogger logger, Exception exception, JobKey job);

    [LoggerMessage(3002, LogLevel.Error, "Cannot list the unfinished jobs; trying again in {Delay}")]
    public static partial void NotListed(ILogger logger, Exception exception, TimeSpan delay);

    [LoggerMessage(3003, LogLevel.Error, "{Service} failed to stop")]
    public static partial void NotStopped(ILogger logger, Exception exception, string service);

    [LoggerMessage(3004, LogLevel.Information, "Removed {Count} jobs whose retention has ended")]
    public static partial void Purged(ILogger logger, int count);

    [LoggerMessage(3005, LogLevel.Warning, "Cannot remove jobs whose retention has ended; trying again in {Period}")]
    public static partial void NotPurged(ILogger logger, Exception exception, TimeSpan period);

    [LoggerMessage(3006, LogLevel.Error, "The local model cannot be loaded")]
    public static partial void ModelNotReady(ILogger logger, Exception exception);

    [LoggerMessage(3007, LogLevel.Warning, "Cannot read the reminders to catch up on missed ticks; each ticks at its next time")]
    public static partial void RemindersNotRead(ILogger logger, Exception exception);

    [LoggerMessage(3008, LogLevel.Warning, "The missed tick of reminder {Reminder} of {Grain} failed; it ticks at its next time")]
    public static partial void ReminderNotReceived(ILogger logger, Exception exception, string reminder, GrainId grain);
}
