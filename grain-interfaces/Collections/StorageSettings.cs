namespace Quiver.GrainInterfaces.Collections;

/// <summary>How a physical collection is stored. Null members are left to the store, or stay as they are.</summary>
[GenerateSerializer, Immutable, Alias("quiver.storage-settings.v1")]
public sealed record StorageSettings
{
    /// <summary>How nearness is measured. Fixed at the creation. Default: cosine.</summary>
    [Id(0)]
    public VectorDistance? Distance { get; init; }

    /// <summary>Parts that the points are spread over, 1 to 1,000. Fixed at the creation.</summary>
    [Id(1)]
    public int? Shards { get; init; }

    /// <summary>Copies of each part, 1 to 32.</summary>
    [Id(2)]
    public int? Replicas { get; init; }

    /// <summary>Copies that must have a write before it counts, 1 to 32, and at most <see cref="Replicas"/>.</summary>
    [Id(3)]
    public int? WriteConsistency { get; init; }

    /// <summary>Whether vectors are read from disk.</summary>
    [Id(4)]
    public bool? VectorsOnDisk { get; init; }

    /// <summary>Whether payloads are read from disk.</summary>
    [Id(5)]
    public bool? PayloadOnDisk { get; init; }

    /// <summary>Megabytes of a segment of the write-ahead log, 1 to 1,024. Fixed at the creation.</summary>
    [Id(6)]
    public int? WalCapacityMb { get; init; }

    /// <summary>The graph.</summary>
    [Id(7)]
    public HnswSettings? Hnsw { get; init; }

    /// <summary>The smaller copy of the vectors.</summary>
    [Id(8)]
    public QuantizationSettings? Quantization { get; init; }

    /// <summary>The tidying up.</summary>
    [Id(9)]
    public OptimizerSettings? Optimizers { get; init; }

    /// <summary>The limits.</summary>
    [Id(10)]
    public StrictModeSettings? StrictMode { get; init; }
}
