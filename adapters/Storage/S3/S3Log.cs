using Microsoft.Extensions.Logging;

namespace Quiver.Adapters.Storage.S3;

/// <summary>Log messages of S3, event ids 5100 to 5199.</summary>
internal static partial class S3Log
{
    [LoggerMessage(5100, LogLevel.Warning, "{Message} ({Code}) The next attempt is in {Wait}")]
    public static partial void Waiting(ILogger logger, string message, string code, TimeSpan wait);

    [LoggerMessage(5101, LogLevel.Warning, "The object {Object} changed while it was read; it is read again from its beginning")]
    public static partial void Restarted(ILogger logger, string @object);

    [LoggerMessage(5102, LogLevel.Information, "The object {Object} went while its prefix was read; it is passed over")]
    public static partial void Gone(ILogger logger, string @object);
}
