using Microsoft.Extensions.Logging;

namespace Quiver.Grains.Collections;

/// <summary>Log messages of collections, event ids 1100 to 1199.</summary>
internal static partial class CollectionLog
{
    [LoggerMessage(1100, LogLevel.Warning, "The vector store has no point of collection {Collection}, and the ledger has {Documents} documents: they will be stored again")]
    public static partial void PointsLost(ILogger logger, CollectionKey collection, long documents);
}
