namespace Quiver.GrainInterfaces.Collections;

/// <summary>A chunk that answers a question.</summary>
[GenerateSerializer, Immutable, Alias("quiver.search-hit.v1")]
public sealed record SearchHit
{
    /// <summary>The point.</summary>
    [Id(0)]
    public required Guid Id { get; init; }

    /// <summary>
    /// How near it is, as the collection's distance measures it: cosine similarity from −1 to 1, unless it was created with another; the dot
    /// product, the higher the nearer; with Euclidean and Manhattan distance the distance itself, from 0, the lower the nearer.
    /// </summary>
    [Id(1)]
    public required float Score { get; init; }

    /// <summary>Its document.</summary>
    [Id(2)]
    public required string DocumentId { get; init; }

    /// <summary>The chunk's 0-based number within the document.</summary>
    [Id(3)]
    public required int Chunk { get; init; }

    /// <summary>The chunk's text.</summary>
    [Id(4)]
    public required string Text { get; init; }

    /// <summary>The chunk's first line in its document, 1-based.</summary>
    [Id(5)]
    public int StartLine { get; init; }

    /// <summary>The chunk's last line.</summary>
    [Id(6)]
    public int EndLine { get; init; }

    /// <summary>The document's other fields.</summary>
    [Id(7)]
    public ImmutableDictionary<string, string> Metadata { get; init; } = ImmutableDictionary<string, string>.Empty;
}
