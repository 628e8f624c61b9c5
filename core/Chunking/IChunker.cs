using Quiver.GrainInterfaces.Workers;

namespace Quiver.Core.Chunking;

/// <summary>Cuts a document along its structure. Pure and deterministic: the same text and options give the same chunks.</summary>
public interface IChunker
{
    /// <summary>
    /// The chunks in order, made as they are asked for. Every character that is not white space lies in at least one chunk; no chunk is
    /// empty or white space only, or exceeds the token limit.
    /// </summary>
    /// <param name="text">The document.</param>
    /// <param name="format"><see cref="DocumentFormat.Text"/>, <see cref="DocumentFormat.Markdown"/> or <see cref="DocumentFormat.Code"/>.</param>
    /// <param name="options">How to cut.</param>
    /// <param name="from">The <see cref="Chunking.Chunk.Place"/> of the first chunk wanted, from an earlier cutting of the same text with the same options; null for all.</param>
    IEnumerable<Chunk> Chunk(string text, DocumentFormat format, ChunkingOptions options, ChunkCursor? from = null);
}
