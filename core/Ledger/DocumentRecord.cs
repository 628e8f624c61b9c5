namespace Quiver.Core.Ledger;

/// <summary>What was stored for a document.</summary>
public sealed record DocumentRecord
{
    /// <summary>Its id.</summary>
    public required string Id { get; init; }

    /// <summary>The part of the source that it belongs to.</summary>
    public required string Origin { get; init; }

    /// <summary>SHA-256 over text, fields, model and chunking, 32 bytes; null while it is being stored, or after a stop in the middle of that.</summary>
    public byte[]? ContentHash { get; init; }

    /// <summary>Chunk numbers below this may have a point in the vector store. Exact when <see cref="ContentHash"/> is set, else an upper bound.</summary>
    public required int ChunkCount { get; init; }

    /// <summary>The newest generation in which a source had it.</summary>
    public required long Generation { get; init; }

    /// <summary>The epoch of the activation that wrote it.</summary>
    public required long Epoch { get; init; }

    /// <summary>When it was stored, UTC.</summary>
    public required DateTimeOffset IndexedAt { get; init; }
}
