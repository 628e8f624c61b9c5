namespace Quiver.GrainInterfaces.Collections;

/// <summary>What is wanted of a tenant's collection. Null members are left to the default, or stay as they are.</summary>
[GenerateSerializer, Immutable, Alias("quiver.collection-settings.v1")]
public sealed record CollectionSettings
{
    /// <summary>The embedding model: a provider's name, a model's name, or <c>model@revision</c>. Fixed at the creation. Default: the silo's.</summary>
    [Id(0)]
    public string? Model { get; init; }

    /// <summary>Whether the collection has a physical collection of its own. Fixed at the creation. Default: no.</summary>
    [Id(1)]
    public bool? Dedicated { get; init; }

    /// <summary>Points are deleted so long after they were stored, 1 minute to 100 years; zero keeps them for good. Default: for good.</summary>
    [Id(2)]
    public TimeSpan? RetainFor { get; init; }

    /// <summary>How the physical collection is stored.</summary>
    [Id(3)]
    public StorageSettings? Storage { get; init; }
}
