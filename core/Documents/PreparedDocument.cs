using Quiver.Core.Chunking;
using Quiver.Core.Ledger;
using Quiver.GrainInterfaces.Workers;

namespace Quiver.Core.Documents;

/// <summary>A document that must be stored, cut.</summary>
/// <param name="Item">The document.</param>
/// <param name="Hash">Its content hash.</param>
/// <param name="Known">What the ledger has of it.</param>
/// <param name="Chunks">The chunks of this call.</param>
/// <param name="FirstChunk">The number of the first of them.</param>
/// <param name="Next">Where cutting goes on in the next call; null when they reach the document's end.</param>
internal sealed record PreparedDocument(DocumentItem Item, byte[] Hash, DocumentRecord? Known, IReadOnlyList<Chunk> Chunks, int FirstChunk, ChunkPlace? Next)
{
    /// <summary>Whether the chunks reach the document's end.</summary>
    public bool IsLast => Next is null;

    /// <summary>Chunk numbers below it exist after this call.</summary>
    public int ChunkEnd => FirstChunk + Chunks.Count;

    /// <summary>Whether an earlier version may have points beyond this one's end.</summary>
    public bool HasSurplus => IsLast && Known?.ChunkCount > ChunkEnd;
}
