using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace Quiver.Embedded.Hosting;

/// <summary>What the runtime logs; events 1000 to 1099.</summary>
internal static partial class EmbeddedSiloLog
{
    [LoggerMessage(1000, LogLevel.Error, "The activation of {Grain} failed.")]
    internal static partial void ActivationFailed(this ILogger logger, GrainId grain, Exception error);

    [LoggerMessage(1001, LogLevel.Warning, "The deactivation of {Grain} failed or took too long.")]
    internal static partial void DeactivationFailed(this ILogger logger, GrainId grain, Exception error);

    [LoggerMessage(1002, LogLevel.Warning, "The one-way call {Method} to {Grain} failed.")]
    internal static partial void OneWayFailed(this ILogger logger, string method, GrainId grain, Exception error);

    [LoggerMessage(1003, LogLevel.Error, "A timer of {Grain} failed; it goes on with its next tick.")]
    internal static partial void TimerFailed(this ILogger logger, GrainId grain, Exception error);

    [LoggerMessage(1004, LogLevel.Error, "The reminder {Reminder} of {Grain} failed; it goes on with its next tick.")]
    internal static partial void ReminderFailed(this ILogger logger, string reminder, GrainId grain, Exception error);

    [LoggerMessage(1005, LogLevel.Warning, "Item {Number} of the stream {Stream} could not be delivered to a subscriber.")]
    internal static partial void DeliveryFailed(this ILogger logger, long number, StreamId stream, Exception error);

    [LoggerMessage(1006, LogLevel.Warning, "Stopping took longer than {Timeout}; what still ran is abandoned.")]
    internal static partial void StopTimedOut(this ILogger logger, TimeSpan timeout);

    [LoggerMessage(1007, LogLevel.Debug, "The silo started.")]
    internal static partial void Started(this ILogger logger);

    [LoggerMessage(1008, LogLevel.Debug, "The silo stopped.")]
    internal static partial void Stopped(this ILogger logger);
}
