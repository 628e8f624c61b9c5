using Wire = Qdrant.Client.Grpc;

namespace Quiver.Adapters.Vectors.Qdrant;

/// <summary>Reads what the server's optimizer says about a collection.</summary>
internal static class CollectionStatus
{
    /// <summary>A queue of this many writes stops those who write: the server holds 200 for each shard.</summary>
    private const ulong LongQueue = 100;

    /// <summary>The status.</summary>
    public static IndexStatus Read(Wire.CollectionInfo collection) => new()
    {
        State = StateOf(collection),
        Fault = FaultOf(collection),
        QueuedWrites = (long)(collection.UpdateQueue?.Length ?? 0),

        // While the optimizer moves points, both numbers are estimates, and the second may be the larger one.
        IndexedShare = collection is { PointsCount: > 0, HasIndexedVectorsCount: true }
            ? Math.Min(1, (double)collection.IndexedVectorsCount / collection.PointsCount)
            : null,
    };

    /// <summary>What an operator should know; null for nothing.</summary>
    public static string? FindTrouble(Wire.CollectionInfo collection) =>
        FaultOf(collection) is { } fault ? $"cannot be indexed: {QdrantFaults.Cut(fault)}"
        : StateOf(collection) == IndexState.Waiting ? "is not being indexed until its next change."
        : collection.UpdateQueue?.Length >= LongQueue ? $"has {collection.UpdateQueue.Length} writes in its queue."
        : collection.Config?.OptimizerConfig?.PreventUnoptimized is true ? "has prevent_unoptimized, which delays writes and hides points from counts."
        : null;

    private static IndexState StateOf(Wire.CollectionInfo collection) => FaultOf(collection) is not null
        ? IndexState.Failed
        : collection.Status switch
        {
            Wire.CollectionStatus.Yellow => IndexState.Indexing,
            Wire.CollectionStatus.Grey => IndexState.Waiting,
            Wire.CollectionStatus.Red => IndexState.Failed,
            _ => IndexState.Ready,
        };

    private static string? FaultOf(Wire.CollectionInfo collection) =>
        collection.OptimizerStatus is { Ok: false, Error: { Length: > 0 } error } ? error
        : collection.Status == Wire.CollectionStatus.Red ? collection.Warnings.FirstOrDefault()?.Message ?? "the server reports the status red"
        : null;
}
