namespace Quiver.Core.Ledger;

/// <summary>
/// The store of everything that grows: jobs, events, failures, collections and documents. Thread-safe; a completed write is durable. Throws
/// classified errors only.
/// </summary>
public interface ILedger : IJobLedger, IDocumentLedger;

/// <summary>The ledger row of a document: what was stored for it.</summary>
public sealed record DocumentRecord
{
    /// <summary>The origin of a document whose row was made from its points: any source may store it again.</summary>
    public const string UnknownOrigin = "";

    /// <summary>Its id.</summary>
    public required string Id { get; init; }

    /// <summary>The part of the source that it belongs to.</summary>
    public required string Origin { get; init; }

    /// <summary>Whether the origin is known, so that a document of another origin is in conflict with it.</summary>
    public bool HasOrigin => Origin.Length > 0;

    /// <summary>SHA-256 over text, fields, model and chunking, 32 bytes; null while it is being stored, or after an interruption of that.</summary>
    public byte[]? ContentHash { get; init; }

    /// <summary>
    /// Chunk numbers below this may have a point in the vector store. Exact when <see cref="ContentHash"/> is set, else an upper bound.
    /// </summary>
    public required int ChunkCount { get; init; }

    /// <summary>The newest generation in which its source had it.</summary>
    public required long Generation { get; init; }

    /// <summary>The epoch of the activation that wrote it.</summary>
    public required long Epoch { get; init; }

    /// <summary>When it was stored, UTC.</summary>
    public required DateTimeOffset IndexedAt { get; init; }
}

/// <summary>The document counts of a collection.</summary>
/// <param name="Documents">Documents fully stored.</param>
/// <param name="Unfinished">Documents that are partly written.</param>
/// <param name="Chunks">Chunks of the fully stored documents.</param>
public readonly record struct DocumentTotals(long Documents, long Unfinished, long Chunks);
