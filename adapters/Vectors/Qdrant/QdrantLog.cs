using Microsoft.Extensions.Logging;

namespace Quiver.Adapters.Vectors.Qdrant;

/// <summary>Log messages of the Qdrant adapter, event ids 2300 to 2399.</summary>
internal static partial class QdrantLog
{
    [LoggerMessage(2300, LogLevel.Information, "Qdrant {Version} answers at {Address}; writes are fenced by {Fence}")]
    public static partial void Found(ILogger logger, string version, Uri address, string fence);

    [LoggerMessage(2301, LogLevel.Debug, "{Operation} failed with {Code}; attempt {Attempt} follows")]
    public static partial void Retrying(ILogger logger, Exception? error, string operation, string code, int attempt);

    [LoggerMessage(2302, LogLevel.Information, "Physical collection {Collection} was created with {Dimensions} dimensions")]
    public static partial void Created(ILogger logger, string collection, int dimensions);

    [LoggerMessage(2303, LogLevel.Information, "Physical collection {Collection} got the payload index {Field}")]
    public static partial void Indexed(ILogger logger, string collection, string field);

    [LoggerMessage(2304, LogLevel.Information, "Physical collection {Collection} was deleted")]
    public static partial void Dropped(ILogger logger, string collection);

    [LoggerMessage(2305, LogLevel.Debug, "Physical collection {Collection} existed already when it was to be created")]
    public static partial void Existed(ILogger logger, string collection);
}
