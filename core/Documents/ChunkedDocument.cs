using Quiver.Core.Chunking;
using Quiver.Core.Ledger;
using Quiver.GrainInterfaces.Workers;

namespace Quiver.Core.Documents;

/// <summary>A document to store, with the chunks of this call.</summary>
/// <param name="Document">The document.</param>
/// <param name="Hash">Its content hash.</param>
/// <param name="Known">Its row in the ledger; null for none.</param>
/// <param name="Title">Its title; null for none.</param>
/// <param name="Chunks">The chunks of this call.</param>
/// <param name="FirstChunk">The number of the first of them.</param>
/// <param name="Next">Where the next call continues; null when the chunks reach the document's end.</param>
internal sealed record ChunkedDocument(
    Document Document, byte[] Hash, DocumentRecord? Known, string? Title, IReadOnlyList<Chunk> Chunks, int FirstChunk, ChunkCursor? Next)
{
    public string Id => Document.Id;

    /// <summary>The vectors of <see cref="Chunks"/>; empty until they are embedded.</summary>
    public IReadOnlyList<ReadOnlyMemory<float>> Vectors { get; init; } = [];

    /// <summary>How many of <see cref="Chunks"/> the model mostly does not know.</summary>
    public int UnknownChunks { get; init; }

    /// <summary>Whether the chunks reach the document's end.</summary>
    public bool IsLast => Next is null;

    /// <summary>Chunk numbers below it exist after this call.</summary>
    public int ChunkEnd => FirstChunk + Chunks.Count;

    /// <summary>Whether an earlier version may have points beyond this version's end.</summary>
    public bool HasSurplus => IsLast && Known?.ChunkCount > ChunkEnd;

    public long Tokens => Chunks.Sum(chunk => (long)chunk.Tokens);
}
