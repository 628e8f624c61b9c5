namespace Quiver.GrainInterfaces.Collections;

/// <summary>What a physical collection must be.</summary>
[GenerateSerializer, Immutable, Alias("quiver.physical-collection-spec.v1")]
public sealed record PhysicalCollectionSpec
{
    /// <summary>Numbers in a vector, 1 to 65,536.</summary>
    [Id(0)]
    public required int Dimensions { get; init; }

    /// <summary>The model that it is for; kept with the collection and compared where the store can do that. Null when unknown.</summary>
    [Id(1)]
    public string? Model { get; init; }

    /// <summary>How it is stored; what is null is left to the store when it is created, and not compared when it exists.</summary>
    [Id(2)]
    public StorageSettings Storage { get; init; } = new();

    /// <summary>Whether a collection that exists may be stored otherwise; dimensions and distance count all the same.</summary>
    [Id(3)]
    public bool TakesOtherStorage { get; init; }
}
