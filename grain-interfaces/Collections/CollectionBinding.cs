namespace Quiver.GrainInterfaces.Collections;

/// <summary>Where a collection's points live and what they must look like; every read and write is routed by it.</summary>
[GenerateSerializer, Immutable, Alias("quiver.collection-binding.v1")]
public sealed record CollectionBinding
{
    /// <summary>The tenant's collection.</summary>
    [Id(0)]
    public required CollectionKey Key { get; init; }

    /// <summary>The physical collection.</summary>
    [Id(1)]
    public required string PhysicalCollection { get; init; }

    /// <summary>The embedding model, with its revision: <c>name@revision</c>.</summary>
    [Id(2)]
    public required string Model { get; init; }

    /// <summary>Numbers in a vector.</summary>
    [Id(3)]
    public required int Dimensions { get; init; }

    /// <summary>The newest generation of the collection's earlier lives; null when it was never deleted. Jobs of that generation or before wrote to what is gone.</summary>
    [Id(4)]
    public long? BornAfterGeneration { get; init; }

    /// <summary>How nearness is measured, said to those who search; null for cosine.</summary>
    [Id(5)]
    public VectorDistance? Distance { get; init; }
}
