using Wire = Qdrant.Client.Grpc;

namespace Quiver.Adapters.Vectors.Qdrant;

/// <summary>One storage setting and where a collection on the server has it.</summary>
/// <param name="Name">The setting's name below <c>storage</c>.</param>
/// <param name="Get">Returns the wanted value: null, bool, int, long, double or string.</param>
/// <param name="Find">Returns the collection's value; null where it has none.</param>
/// <param name="Default">The server's default when it omits the value; null where it never omits it.</param>
/// <param name="IsFixed">Whether it can only be set at creation.</param>
internal sealed record StorageField(
    string Name, Func<StorageSettings, object?> Get, Func<StoredConfig, object?> Find, object? Default = null, bool IsFixed = false)
{
    /// <summary>The name of the setting whose default is Quiver's.</summary>
    public const string Distance = "distance";

    /// <summary>All settings except quantization, which is not a single value.</summary>
    public static ImmutableArray<StorageField> All { get; } =
    [
        new("shards", storage => storage.Shards, stored => stored.Parameters.ShardNumber, 1, IsFixed: true),
        new("replicas", storage => storage.Replicas, stored => stored.Parameters is { HasReplicationFactor: true } given ? given.ReplicationFactor : null, 1),
        new("writeConsistency", storage => storage.WriteConsistency, stored => stored.Parameters is { HasWriteConsistencyFactor: true } given ? given.WriteConsistencyFactor : null, 1),
        new("payloadOnDisk", storage => storage.PayloadOnDisk, stored => stored.Parameters.OnDiskPayload, true),
        new(Distance, storage => (storage.Distance ?? VectorDistance.Cosine).ToString(), stored => stored.Vector.Distance.ToString(), IsFixed: true),
        new("vectorsOnDisk", storage => storage.VectorsOnDisk, stored => stored.Vector is { HasOnDisk: true } given ? given.OnDisk : null, false),
        new("walCapacityMb", storage => storage.WalCapacityMb, stored => stored.Wal is { HasWalCapacityMb: true } given ? given.WalCapacityMb : null, IsFixed: true),
        new("hnsw.m", storage => storage.Hnsw?.M, stored => stored.Hnsw is { HasM: true } given ? given.M : null),
        new("hnsw.efConstruct", storage => storage.Hnsw?.EfConstruct, stored => stored.Hnsw is { HasEfConstruct: true } given ? given.EfConstruct : null),
        new("hnsw.payloadM", storage => storage.Hnsw?.PayloadM, stored => stored.Hnsw is { HasPayloadM: true } given ? given.PayloadM : null),
        new("hnsw.fullScanThresholdKb", storage => storage.Hnsw?.FullScanThresholdKb, stored => stored.Hnsw is { HasFullScanThreshold: true } given ? given.FullScanThreshold : null),
        new("hnsw.onDisk", storage => storage.Hnsw?.OnDisk, stored => stored.Hnsw is { HasOnDisk: true } given ? given.OnDisk : null, false),
        new("optimizers.deletedThreshold", storage => storage.Optimizers?.DeletedThreshold, stored => stored.Optimizers is { HasDeletedThreshold: true } given ? given.DeletedThreshold : null, 0.2),
        new("optimizers.vacuumMinVectors", storage => storage.Optimizers?.VacuumMinVectors, stored => stored.Optimizers is { HasVacuumMinVectorNumber: true } given ? given.VacuumMinVectorNumber : null, 1000),
        new("optimizers.segments", storage => storage.Optimizers?.Segments, stored => stored.Optimizers is { HasDefaultSegmentNumber: true } given ? given.DefaultSegmentNumber : null),
        new("optimizers.maxSegmentKb", storage => storage.Optimizers?.MaxSegmentKb, stored => stored.Optimizers is { HasMaxSegmentSize: true } given ? given.MaxSegmentSize : null),
        new("optimizers.indexingThresholdKb", storage => storage.Optimizers?.IndexingThresholdKb, stored => stored.Optimizers is { HasIndexingThreshold: true } given ? given.IndexingThreshold : null),
        new("optimizers.flushIntervalSeconds", storage => storage.Optimizers?.FlushIntervalSeconds, stored => stored.Optimizers is { HasFlushIntervalSec: true } given ? given.FlushIntervalSec : null),
        new("optimizers.maxThreads", storage => storage.Optimizers?.MaxThreads, FindMaxThreads),
        new("strictMode.enabled", storage => storage.StrictMode?.Enabled, stored => stored.StrictMode is { HasEnabled: true } given ? given.Enabled : null, false),
        new("strictMode.maxQueryLimit", storage => storage.StrictMode?.MaxQueryLimit, stored => stored.StrictMode is { HasMaxQueryLimit: true } given ? given.MaxQueryLimit : null),
        new("strictMode.maxUpsertPoints", storage => storage.StrictMode?.MaxUpsertPoints, stored => stored.StrictMode is { HasUpsertMaxBatchsize: true } given ? given.UpsertMaxBatchsize : null),
        new("strictMode.maxPoints", storage => storage.StrictMode?.MaxPoints, stored => stored.StrictMode is { HasMaxPointsCount: true } given ? given.MaxPointsCount : null),
        new("strictMode.maxVectorBytes", storage => storage.StrictMode?.MaxVectorBytes, stored => stored.StrictMode is { HasMaxCollectionVectorSizeBytes: true } given ? given.MaxCollectionVectorSizeBytes : null),
        new("strictMode.readsPerMinute", storage => storage.StrictMode?.ReadsPerMinute, stored => stored.StrictMode is { HasReadRateLimit: true } given ? given.ReadRateLimit : null),
        new("strictMode.writesPerMinute", storage => storage.StrictMode?.WritesPerMinute, stored => stored.StrictMode is { HasWriteRateLimit: true } given ? given.WriteRateLimit : null),
    ];

    private static object? FindMaxThreads(StoredConfig stored)
    {
        if (stored.Optimizers?.MaxOptimizationThreads is { HasValue: true } given)
        {
            return given.Value;
        }

        // Servers before 1.15 answer in the older member.
        return stored.Optimizers is { HasDeprecatedMaxOptimizationThreads: true } older ? older.DeprecatedMaxOptimizationThreads : null;
    }
}

/// <summary>The configuration of a collection on the server, and that of Quiver's vector in it.</summary>
/// <param name="Config">The collection's configuration.</param>
/// <param name="Vector">The configuration of the vector.</param>
internal sealed record StoredConfig(Wire.CollectionConfig Config, Wire.VectorParams Vector)
{
    public Wire.CollectionParams Parameters => Config.Params;

    public Wire.HnswConfigDiff? Hnsw => Config.HnswConfig;

    public Wire.WalConfigDiff? Wal => Config.WalConfig;

    public Wire.OptimizersConfigDiff? Optimizers => Config.OptimizerConfig;

    public Wire.StrictModeConfig? StrictMode => Config.StrictModeConfig;

    /// <summary>Reads the configuration; null when the collection has no vector of Quiver's.</summary>
    public static StoredConfig? Find(Wire.CollectionInfo collection) =>
        collection.Config?.Params?.VectorsConfig?.ParamsMap is { } vectors && vectors.Map.TryGetValue(QdrantLayout.Vector, out var vector)
            ? new(collection.Config, vector)
            : null;
}
