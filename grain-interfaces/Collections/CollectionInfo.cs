namespace Quiver.GrainInterfaces.Collections;

/// <summary>A tenant's collection as it stands.</summary>
[GenerateSerializer, Immutable, Alias("quiver.collection-info.v1")]
public sealed record CollectionInfo
{
    /// <summary>Its name.</summary>
    [Id(0)]
    public required CollectionName Name { get; init; }

    /// <summary>The physical collection that holds its points.</summary>
    [Id(1)]
    public required string PhysicalCollection { get; init; }

    /// <summary>The embedding model, with its revision.</summary>
    [Id(2)]
    public required string Model { get; init; }

    /// <summary>Numbers in a vector.</summary>
    [Id(3)]
    public required int Dimensions { get; init; }

    /// <summary>Documents that the ledger knows as stored.</summary>
    [Id(4)]
    public long Documents { get; init; }

    /// <summary>Points in the vector store.</summary>
    [Id(5)]
    public long Points { get; init; }

    /// <summary>The generation of the newest job.</summary>
    [Id(6)]
    public long Generation { get; init; }

    /// <summary>When it was created, UTC.</summary>
    [Id(7)]
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>What was asked for when it was created or changed; null for the defaults.</summary>
    [Id(8)]
    public CollectionSettings? Settings { get; init; }

    /// <summary>What was asked for last and is not known to hold yet: it is tried until it does. Null when nothing is open.</summary>
    [Id(9)]
    public CollectionSettings? Pending { get; init; }

    /// <summary>Why the last attempt at a change did not succeed; with nothing <see cref="Pending"/> the change was refused, and nothing of it holds.</summary>
    [Id(10)]
    public string? PendingFault { get; init; }
}
