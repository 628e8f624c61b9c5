namespace Quiver.GrainInterfaces.Collections;

/// <summary>The current state of a tenant's collection.</summary>
[GenerateSerializer, Immutable, Alias("quiver.collection-info.v1")]
public sealed record CollectionInfo
{
    /// <summary>Its name.</summary>
    [Id(0)] public required CollectionName Name { get; init; }

    /// <summary>The physical collection that holds its points.</summary>
    [Id(1)] public required string PhysicalCollection { get; init; }

    /// <summary>The embedding model, with its revision.</summary>
    [Id(2)] public required string Model { get; init; }

    /// <summary>Dimensions of a vector.</summary>
    [Id(3)] public required int Dimensions { get; init; }

    /// <summary>Documents that the ledger lists as stored.</summary>
    [Id(4)] public long Documents { get; init; }

    /// <summary>Points in the vector store.</summary>
    [Id(5)] public long Points { get; init; }

    /// <summary>The generation of the newest job.</summary>
    [Id(6)] public long Generation { get; init; }

    /// <summary>When it was created, UTC.</summary>
    [Id(7)] public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The settings requested when it was created or changed; null for the defaults.</summary>
    [Id(8)] public CollectionSettings? Settings { get; init; }

    /// <summary>Requested settings that are not applied yet; Quiver retries until they are. Null when no change is pending.</summary>
    [Id(9)] public CollectionSettings? Pending { get; init; }

    /// <summary>
    /// Why the last attempt at a change failed. When <see cref="Pending"/> is null, the change was refused and nothing of it applies.
    /// </summary>
    [Id(10)] public string? PendingFault { get; init; }

    /// <summary>How far the vector store has indexed the physical collection; null where a store does not do so in the background.</summary>
    [Id(11)] public IndexStatus? Index { get; init; }
}

/// <summary>The state of a physical collection that its store indexes in the background. Searches work in every state; some are slower.</summary>
[GenerateSerializer, Immutable, Alias("quiver.index-status.v1")]
public sealed record IndexStatus
{
    /// <summary>What the store does.</summary>
    [Id(0)] public required IndexState State { get; init; }

    /// <summary>Why it failed, in the store's words; null unless it did.</summary>
    [Id(1)] public string? Fault { get; init; }

    /// <summary>Writes that the store has accepted and not yet applied.</summary>
    [Id(2)] public long QueuedWrites { get; init; }

    /// <summary>The indexed part of all points of the physical collection, 0 to 1, as the store estimates it; null while it has none.</summary>
    [Id(3)] public double? IndexedShare { get; init; }
}

/// <summary>What a store does with the index of a physical collection.</summary>
[GenerateSerializer, Alias("quiver.index-state.v1")]
public enum IndexState
{
    /// <summary>Nothing is left to do.</summary>
    Ready = 1,

    /// <summary>It is indexing.</summary>
    Indexing = 2,

    /// <summary>There is work, and it waits for a change, as after a restart.</summary>
    Waiting = 3,

    /// <summary>It failed.</summary>
    Failed = 4,
}

/// <summary>Requested settings of a tenant's collection. Null members take the default, or stay unchanged.</summary>
[GenerateSerializer, Immutable, Alias("quiver.collection-settings.v1")]
public sealed record CollectionSettings
{
    /// <summary>
    /// The embedding model: a provider's name, a model's name, or <c>model@revision</c>. Cannot be changed later. Default: the silo's.
    /// </summary>
    [Id(0)] public string? Model { get; init; }

    /// <summary>Whether the collection has a physical collection of its own. Cannot be changed later. Default: no.</summary>
    [Id(1)] public bool? Dedicated { get; init; }

    /// <summary>Points are deleted this long after they were stored, 1 minute to 100 years; zero keeps them forever. Default: forever.</summary>
    [Id(2)] public TimeSpan? RetainFor { get; init; }

    /// <summary>How the physical collection is stored.</summary>
    [Id(3)] public StorageSettings? Storage { get; init; }
}

/// <summary>Where a collection's points are stored and what shape they must have; it routes every read and write.</summary>
[GenerateSerializer, Immutable, Alias("quiver.collection-binding.v1")]
public sealed record CollectionBinding
{
    /// <summary>The tenant's collection.</summary>
    [Id(0)] public required CollectionKey Key { get; init; }

    /// <summary>The physical collection.</summary>
    [Id(1)] public required string PhysicalCollection { get; init; }

    /// <summary>The embedding model, with its revision: <c>name@revision</c>.</summary>
    [Id(2)] public required string Model { get; init; }

    /// <summary>Dimensions of a vector.</summary>
    [Id(3)] public required int Dimensions { get; init; }

    /// <summary>
    /// The newest generation before the collection was last deleted; null when it was never deleted. Jobs of that generation or an older
    /// one wrote to the deleted collection.
    /// </summary>
    [Id(4)] public long? BornAfterGeneration { get; init; }

    /// <summary>The distance that scores are measured by; null for cosine.</summary>
    [Id(5)] public VectorDistance? Distance { get; init; }
}

/// <summary>The required properties of a physical collection.</summary>
[GenerateSerializer, Immutable, Alias("quiver.physical-collection-spec.v1")]
public sealed record PhysicalCollectionSpec
{
    /// <summary>Dimensions of a vector, 1 to 65,536.</summary>
    [Id(0)] public required int Dimensions { get; init; }

    /// <summary>The model that it is for; stored with the collection and compared if the store supports that. Null when unknown.</summary>
    [Id(1)] public string? Model { get; init; }

    /// <summary>
    /// How it is stored. The store chooses null members when it creates the collection and does not compare them when the collection
    /// exists.
    /// </summary>
    [Id(2)] public StorageSettings Storage { get; init; } = new();

    /// <summary>Whether an existing collection may have other storage settings; dimensions and distance must match in any case.</summary>
    [Id(3)] public bool TakesOtherStorage { get; init; }
}
