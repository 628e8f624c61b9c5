namespace Quiver.Core.Vectors;

/// <summary>What is stored beside a vector.</summary>
public sealed record PointPayload
{
    /// <summary>Whose point it is.</summary>
    public required CollectionKey Scope { get; init; }

    /// <summary>Its document.</summary>
    public required string DocumentId { get; init; }

    /// <summary>The chunk's 0-based number.</summary>
    public required int Chunk { get; init; }

    /// <summary>The chunk's text.</summary>
    public required string Text { get; init; }

    /// <summary>First character in the document.</summary>
    public required int StartChar { get; init; }

    /// <summary>One past the last character.</summary>
    public required int EndChar { get; init; }

    /// <summary>First line, 1-based.</summary>
    public required int StartLine { get; init; }

    /// <summary>Last line.</summary>
    public required int EndLine { get; init; }

    /// <summary>The job's generation.</summary>
    public required long Generation { get; init; }

    /// <summary>The job activation's epoch.</summary>
    public required long Epoch { get; init; }

    /// <summary>When it was stored, UTC.</summary>
    public required DateTimeOffset IndexedAt { get; init; }

    /// <summary>The document's other fields.</summary>
    public ImmutableDictionary<string, string> Metadata { get; init; } = ImmutableDictionary<string, string>.Empty;
}
