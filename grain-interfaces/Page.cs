namespace Quiver.GrainInterfaces;

/// <summary>A page of a listing.</summary>
/// <typeparam name="T">What is listed.</typeparam>
[GenerateSerializer, Immutable, Alias("quiver.page.v1`1")]
public sealed record Page<T>
{
    /// <summary>The items, in the listing's order.</summary>
    [Id(0)]
    public required ImmutableArray<T> Items { get; init; }

    /// <summary>What to ask for the next page with; null on the last.</summary>
    [Id(1)]
    public string? Next { get; init; }
}
