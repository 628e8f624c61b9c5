using Microsoft.Extensions.Logging;

namespace Quiver.Grains.Collections;

/// <summary>Log messages of collections, event ids 1100 to 1199.</summary>
internal static partial class CollectionLog
{
    [LoggerMessage(1100, LogLevel.Warning, "The vector store has no point of collection {Collection}, and the ledger has {Documents} documents: they will be stored again")]
    public static partial void PointsLost(ILogger logger, CollectionKey collection, long documents);

    [LoggerMessage(1101, LogLevel.Information, "{Documents} documents of collection {Collection} were too old and are forgotten, with {Points} points")]
    public static partial void Expired(ILogger logger, CollectionKey collection, long documents, long points);

    [LoggerMessage(1103, LogLevel.Warning, "Collection {Collection} could not be deleted to the end; the next reminder goes on")]
    public static partial void NotDeleted(ILogger logger, Exception error, CollectionKey collection);

    [LoggerMessage(1104, LogLevel.Warning, "A change of collection {Collection} could not be applied and is tried again: {Reason}")]
    public static partial void NotChanged(ILogger logger, Exception error, CollectionKey collection, string reason);

    [LoggerMessage(1105, LogLevel.Warning, "A change of collection {Collection} was refused, and nothing of it holds: {Reason}")]
    public static partial void ChangeRefused(ILogger logger, Exception error, CollectionKey collection, string reason);

    [LoggerMessage(1106, LogLevel.Information, "A change of collection {Collection} holds")]
    public static partial void Changed(ILogger logger, CollectionKey collection);

    [LoggerMessage(1102, LogLevel.Warning, "Collection {Collection} could not be searched for what is too old; the next reminder tries again")]
    public static partial void NotRetained(ILogger logger, Exception error, CollectionKey collection);
}
