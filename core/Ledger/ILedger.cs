namespace Quiver.Core.Ledger;

/// <summary>What grows: jobs, events, failures, collections and documents. Thread-safe; a completed write is durable. Errors are Quiver's, already classified.</summary>
public interface ILedger : IJobLedger, IDocumentLedger;

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

/// <summary>A collection's documents, counted.</summary>
/// <param name="Documents">Documents fully stored.</param>
/// <param name="Unfinished">Documents left half-written.</param>
/// <param name="Chunks">Chunks of the former.</param>
public readonly record struct DocumentTotals(long Documents, long Unfinished, long Chunks);
