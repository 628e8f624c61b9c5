namespace Quiver.GrainInterfaces.Collections;

/// <summary>How a physical collection is stored. Null members take the store's default, or stay unchanged.</summary>
[GenerateSerializer, Immutable, Alias("quiver.storage-settings.v1")]
public sealed record StorageSettings
{
    /// <summary>The distance between vectors. Cannot be changed later. Default: cosine.</summary>
    [Id(0)] public VectorDistance? Distance { get; init; }

    /// <summary>Shards that the points are spread over, 1 to 1,000. Cannot be changed later.</summary>
    [Id(1)] public int? Shards { get; init; }

    /// <summary>Copies of each shard, 1 to 32.</summary>
    [Id(2)] public int? Replicas { get; init; }

    /// <summary>Copies that must acknowledge a write, 1 to 32, and at most <see cref="Replicas"/>.</summary>
    [Id(3)] public int? WriteConsistency { get; init; }

    /// <summary>Whether vectors are read from disk.</summary>
    [Id(4)] public bool? VectorsOnDisk { get; init; }

    /// <summary>Whether payloads are read from disk.</summary>
    [Id(5)] public bool? PayloadOnDisk { get; init; }

    /// <summary>Megabytes of a segment of the write-ahead log, 1 to 1,024. Cannot be changed later.</summary>
    [Id(6)] public int? WalCapacityMb { get; init; }

    /// <summary>The HNSW graph.</summary>
    [Id(7)] public HnswSettings? Hnsw { get; init; }

    /// <summary>The quantized copy of the vectors.</summary>
    [Id(8)] public QuantizationSettings? Quantization { get; init; }

    /// <summary>The optimizer.</summary>
    [Id(9)] public OptimizerSettings? Optimizers { get; init; }

    /// <summary>Strict mode: limits on requests.</summary>
    [Id(10)] public StrictModeSettings? StrictMode { get; init; }
}

/// <summary>The HNSW graph for approximate search. Null members take the store's default.</summary>
[GenerateSerializer, Immutable, Alias("quiver.hnsw-settings.v1")]
public sealed record HnswSettings
{
    /// <summary>Edges of a node, 0 to 2,048; 0 builds no graph over all tenants.</summary>
    [Id(0)] public int? M { get; init; }

    /// <summary>Neighbours considered while building, 4 to 10,000.</summary>
    [Id(1)] public int? EfConstruct { get; init; }

    /// <summary>Edges of a node within one tenant, 0 to 2,048.</summary>
    [Id(2)] public int? PayloadM { get; init; }

    /// <summary>Kilobytes of vectors below which a full scan is used instead, 10 to 1,000,000,000.</summary>
    [Id(3)] public int? FullScanThresholdKb { get; init; }

    /// <summary>Whether the graph is read from disk.</summary>
    [Id(4)] public bool? OnDisk { get; init; }
}

/// <summary>The store's optimizer: how it rewrites segments after writes. Null members take the store's default.</summary>
[GenerateSerializer, Immutable, Alias("quiver.optimizer-settings.v1")]
public sealed record OptimizerSettings
{
    /// <summary>The ratio of deleted points above which a segment is rewritten, 0 to 1.</summary>
    [Id(0)] public double? DeletedThreshold { get; init; }

    /// <summary>The minimum number of points in a segment that is rewritten, 100 to 1,000,000,000.</summary>
    [Id(1)] public int? VacuumMinVectors { get; init; }

    /// <summary>Target number of segments, 0 to 1,024; 0 takes one for each processor.</summary>
    [Id(2)] public int? Segments { get; init; }

    /// <summary>The maximum size of a segment in kilobytes, 1 to 2,000,000,000.</summary>
    [Id(3)] public int? MaxSegmentKb { get; init; }

    /// <summary>Kilobytes of vectors above which a segment gets a graph, 0 to 2,000,000,000; 0 never builds one.</summary>
    [Id(4)] public int? IndexingThresholdKb { get; init; }

    /// <summary>Seconds between two flushes, 1 to 3,600.</summary>
    [Id(5)] public int? FlushIntervalSeconds { get; init; }

    /// <summary>Optimizer threads, 0 to 1,024; 0 stops the optimizer.</summary>
    [Id(6)] public int? MaxThreads { get; init; }
}

/// <summary>The quantized copy of the vectors.</summary>
[GenerateSerializer, Immutable, Alias("quiver.quantization-settings.v1")]
public sealed record QuantizationSettings
{
    /// <summary>The kind. Default: <see cref="QuantizationKind.Scalar"/>.</summary>
    [Id(0)] public QuantizationKind Kind { get; init; } = QuantizationKind.Scalar;

    /// <summary>Whether the copy stays in memory; null takes the store's default.</summary>
    [Id(1)] public bool? AlwaysInMemory { get; init; }

    /// <summary>For <see cref="QuantizationKind.Scalar"/>: the quantile of values that is kept, 0.5 to 1; null takes the store's default.</summary>
    [Id(2)] public double? Quantile { get; init; }

    /// <summary>For <see cref="QuantizationKind.Product"/>: the compression ratio, one of 4, 8, 16, 32, 64. Default: 16.</summary>
    [Id(3)] public int? Compression { get; init; }
}

/// <summary>Limits that the store enforces to protect its other users. Null members take the store's default.</summary>
[GenerateSerializer, Immutable, Alias("quiver.strict-mode-settings.v1")]
public sealed record StrictModeSettings
{
    /// <summary>Whether the limits are enforced.</summary>
    [Id(0)] public bool? Enabled { get; init; }

    /// <summary>The maximum number of hits of a query, 1,000 to 1,000,000: Quiver requests pages of up to 1,000.</summary>
    [Id(1)] public int? MaxQueryLimit { get; init; }

    /// <summary>The maximum number of points in an upsert, 256 to 1,000,000: Quiver sends up to 256.</summary>
    [Id(2)] public int? MaxUpsertPoints { get; init; }

    /// <summary>The maximum number of points, 1 to 10¹².</summary>
    [Id(3)] public long? MaxPoints { get; init; }

    /// <summary>The maximum bytes of vectors, 1 to 10¹⁵.</summary>
    [Id(4)] public long? MaxVectorBytes { get; init; }

    /// <summary>Reads per minute and replica, 1 to 1,000,000,000.</summary>
    [Id(5)] public int? ReadsPerMinute { get; init; }

    /// <summary>Writes per minute and replica, 1 to 1,000,000,000.</summary>
    [Id(6)] public int? WritesPerMinute { get; init; }
}

/// <summary>How the store quantizes vectors for a first, approximate comparison.</summary>
[GenerateSerializer, Alias("quiver.quantization-kind.v1")]
public enum QuantizationKind
{
    /// <summary>None.</summary>
    None = 1,

    /// <summary>One byte per dimension.</summary>
    Scalar = 2,

    /// <summary>One bit per dimension; for vectors of a thousand dimensions or more.</summary>
    Binary = 3,

    /// <summary>One byte for several dimensions, as the compression ratio says.</summary>
    Product = 4,
}

/// <summary>The distance between two vectors.</summary>
[GenerateSerializer, Alias("quiver.vector-distance.v1")]
public enum VectorDistance
{
    /// <summary>Cosine similarity; higher is nearer. Vectors are stored with length 1.</summary>
    Cosine = 1,

    /// <summary>The dot product; higher is nearer.</summary>
    Dot = 2,

    /// <summary>The Euclidean distance; lower is nearer.</summary>
    Euclid = 3,

    /// <summary>The sum of the absolute differences; lower is nearer.</summary>
    Manhattan = 4,
}
