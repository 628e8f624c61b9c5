using Quiver.GrainInterfaces.Workers;

namespace Quiver.Core.Chunking;

/// <summary>
/// Cuts a document along its structure. Pure and deterministic: the same text and options give the same chunks. A change of the chunks of any text
/// must raise <see cref="Documents.ContentHash.ChunkerRevision"/>, or stored documents keep their old chunks.
/// </summary>
public interface IChunker
{
    /// <summary>
    /// The chunks in order, made on demand. Every character that is not white space is in at least one chunk; no chunk is
    /// empty, blank, or longer than the token limit.
    /// </summary>
    /// <param name="text">The document.</param>
    /// <param name="format"><see cref="DocumentFormat.Text"/>, <see cref="DocumentFormat.Markdown"/> or <see cref="DocumentFormat.Code"/>.</param>
    /// <param name="options">How to cut.</param>
    /// <param name="from">
    /// The <see cref="Chunking.Chunk.Cursor"/> of the first chunk to return, from an earlier run over the same text with the same options; null for all.
    /// </param>
    IEnumerable<Chunk> Chunk(string text, DocumentFormat format, ChunkingOptions options, ChunkCursor? from = null);
}

/// <summary>How to cut.</summary>
/// <param name="MaxTokens">The maximum number of tokens in a chunk, special tokens included; at least 8.</param>
/// <param name="OverlapTokens">
/// About how many tokens of a chunk's end the next one repeats, at sentence or line borders; 0 to half of <paramref name="MaxTokens"/>.
/// </param>
public sealed record ChunkingOptions(int MaxTokens, int OverlapTokens);

/// <summary>A piece of a document.</summary>
/// <param name="Number">0-based, without gaps.</param>
/// <param name="Text">The text to embed: exactly the document's text from <paramref name="StartChar"/> to <paramref name="EndChar"/>.</param>
/// <param name="StartChar">First UTF-16 character in the document, 0-based.</param>
/// <param name="EndChar">One past the last.</param>
/// <param name="StartLine">1-based line of the first character.</param>
/// <param name="EndLine">1-based line of the last character.</param>
/// <param name="Tokens">The text's tokens, at most the limit.</param>
/// <param name="Cursor">The cursor from which the chunker makes this chunk and the following ones again.</param>
public sealed record Chunk(int Number, string Text, int StartChar, int EndChar, int StartLine, int EndLine, int Tokens, ChunkCursor Cursor);
