using Microsoft.Extensions.Logging;

namespace Quiver.Grains.Collections;

/// <summary>Log messages of collections, event ids 1100 to 1199.</summary>
internal static partial class CollectionLog
{
    [LoggerMessage(1100, LogLevel.Warning, "The vector store has no point of collection {Collection}, but the ledger has {Documents} documents: they will be stored again")]
    public static partial void PointsLost(ILogger logger, CollectionKey collection, long documents);

    [LoggerMessage(1101, LogLevel.Information, "Deleted {Documents} expired documents of collection {Collection}, with {Points} points")]
    public static partial void Expired(ILogger logger, CollectionKey collection, long documents, long points);

    [LoggerMessage(1102, LogLevel.Warning, "Expired documents of collection {Collection} could not be deleted; the next reminder tries again")]
    public static partial void NotRetained(ILogger logger, Exception exception, CollectionKey collection);

    [LoggerMessage(1103, LogLevel.Warning, "Collection {Collection} could not be deleted completely; the next reminder continues")]
    public static partial void NotDeleted(ILogger logger, Exception exception, CollectionKey collection);

    [LoggerMessage(1104, LogLevel.Warning, "A change of collection {Collection} could not be applied and will be retried: {Reason}")]
    public static partial void NotChanged(ILogger logger, Exception exception, CollectionKey collection, string reason);

    [LoggerMessage(1105, LogLevel.Warning, "A change of collection {Collection} was refused; nothing of it applies: {Reason}")]
    public static partial void ChangeRefused(ILogger logger, Exception exception, CollectionKey collection, string reason);

    [LoggerMessage(1106, LogLevel.Information, "A change of collection {Collection} was applied")]
    public static partial void Changed(ILogger logger, CollectionKey collection);
}
