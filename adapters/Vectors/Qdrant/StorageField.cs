namespace Quiver.Adapters.Vectors.Qdrant;

/// <summary>One storage setting and its name on the server.</summary>
/// <param name="Name">The setting's name below <c>storage</c>.</param>
/// <param name="Section">The section of the server's configuration.</param>
/// <param name="Key">The name in that section.</param>
/// <param name="Get">Returns the value: null, bool, int, long, double or string.</param>
/// <param name="Default">The server's default when it omits the value; null where it never omits it.</param>
/// <param name="IsFixed">Whether it can only be set at creation.</param>
internal sealed record StorageField(
    string Name, StorageSection Section, string Key, Func<StorageSettings, object?> Get, object? Default = null, bool IsFixed = false)
{
    /// <summary>The name of the setting whose default is Quiver's.</summary>
    public const string Distance = "distance";

    /// <summary>All settings except quantization, which is not a single value.</summary>
    public static ImmutableArray<StorageField> All { get; } =
    [
        new("shards", StorageSection.Collection, "shard_number", storage => storage.Shards, 1, IsFixed: true),
        new("replicas", StorageSection.Collection, "replication_factor", storage => storage.Replicas, 1),
        new("writeConsistency", StorageSection.Collection, "write_consistency_factor", storage => storage.WriteConsistency, 1),
        new("payloadOnDisk", StorageSection.Collection, "on_disk_payload", storage => storage.PayloadOnDisk, true),
        new(Distance, StorageSection.Vector, "distance", storage => (storage.Distance ?? VectorDistance.Cosine).ToString(), IsFixed: true),
        new("vectorsOnDisk", StorageSection.Vector, "on_disk", storage => storage.VectorsOnDisk, false),
        new("walCapacityMb", StorageSection.Wal, "wal_capacity_mb", storage => storage.WalCapacityMb, IsFixed: true),
        new("hnsw.m", StorageSection.Hnsw, "m", storage => storage.Hnsw?.M),
        new("hnsw.efConstruct", StorageSection.Hnsw, "ef_construct", storage => storage.Hnsw?.EfConstruct),
        new("hnsw.payloadM", StorageSection.Hnsw, "payload_m", storage => storage.Hnsw?.PayloadM),
        new("hnsw.fullScanThresholdKb", StorageSection.Hnsw, "full_scan_threshold", storage => storage.Hnsw?.FullScanThresholdKb),
        new("hnsw.onDisk", StorageSection.Hnsw, "on_disk", storage => storage.Hnsw?.OnDisk, false),
        new("optimizers.deletedThreshold", StorageSection.Optimizers, "deleted_threshold", storage => storage.Optimizers?.DeletedThreshold, 0.2),
        new("optimizers.vacuumMinVectors", StorageSection.Optimizers, "vacuum_min_vector_number", storage => storage.Optimizers?.VacuumMinVectors, 1000),
        new("optimizers.segments", StorageSection.Optimizers, "default_segment_number", storage => storage.Optimizers?.Segments),
        new("optimizers.maxSegmentKb", StorageSection.Optimizers, "max_segment_size", storage => storage.Optimizers?.MaxSegmentKb),
        new("optimizers.indexingThresholdKb", StorageSection.Optimizers, "indexing_threshold", storage => storage.Optimizers?.IndexingThresholdKb),
        new("optimizers.flushIntervalSeconds", StorageSection.Optimizers, "flush_interval_sec", storage => storage.Optimizers?.FlushIntervalSeconds),
        new("optimizers.maxThreads", StorageSection.Optimizers, "max_optimization_threads", storage => storage.Optimizers?.MaxThreads),
        new("strictMode.enabled", StorageSection.StrictMode, "enabled", storage => storage.StrictMode?.Enabled, false),
        new("strictMode.maxQueryLimit", StorageSection.StrictMode, "max_query_limit", storage => storage.StrictMode?.MaxQueryLimit),
        new("strictMode.maxUpsertPoints", StorageSection.StrictMode, "upsert_max_batchsize", storage => storage.StrictMode?.MaxUpsertPoints),
        new("strictMode.maxPoints", StorageSection.StrictMode, "max_points_count", storage => storage.StrictMode?.MaxPoints),
        new("strictMode.maxVectorBytes", StorageSection.StrictMode, "max_collection_vector_size_bytes", storage => storage.StrictMode?.MaxVectorBytes),
        new("strictMode.readsPerMinute", StorageSection.StrictMode, "read_rate_limit", storage => storage.StrictMode?.ReadsPerMinute),
        new("strictMode.writesPerMinute", StorageSection.StrictMode, "write_rate_limit", storage => storage.StrictMode?.WritesPerMinute),
    ];
}

/// <summary>The section of a setting in a collection's configuration; create, change and read requests name the sections differently.</summary>
internal enum StorageSection
{
    Collection = 1,
    Vector = 2,
    Hnsw = 3,
    Wal = 4,
    Optimizers = 5,
    StrictMode = 6,
}
