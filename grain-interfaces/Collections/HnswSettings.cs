namespace Quiver.GrainInterfaces.Collections;

/// <summary>The graph that makes search fast. Null members are left to the store.</summary>
[GenerateSerializer, Immutable, Alias("quiver.hnsw-settings.v1")]
public sealed record HnswSettings
{
    /// <summary>Edges of a node, 0 to 2,048; 0 builds no graph over all tenants.</summary>
    [Id(0)]
    public int? M { get; init; }

    /// <summary>Neighbours considered while building, 4 to 10,000.</summary>
    [Id(1)]
    public int? EfConstruct { get; init; }

    /// <summary>Edges of a node within one tenant, 0 to 2,048.</summary>
    [Id(2)]
    public int? PayloadM { get; init; }

    /// <summary>Kilobytes of vectors below which all are compared instead, 10 to 1,000,000,000.</summary>
    [Id(3)]
    public int? FullScanThresholdKb { get; init; }

    /// <summary>Whether the graph is read from disk.</summary>
    [Id(4)]
    public bool? OnDisk { get; init; }
}
