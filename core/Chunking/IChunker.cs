using Quiver.GrainInterfaces.Workers;

namespace Quiver.Core.Chunking;

/// <summary>
/// Cuts a document along its structure. Pure and deterministic: the same text and options give the same chunks. A change of the chunks of any text
/// must raise the revision in <see cref="Documents.ContentHash"/>, or stored documents keep their old chunks.
/// </summary>
public interface IChunker
{
    /// <summary>
    /// The chunks in order, made on demand. Every character from <see cref="ChunkingOptions.TextStart"/> on that is not white space is in at
    /// least one chunk; no chunk is empty, blank, or longer than the token limit.
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
/// About how many tokens of a chunk's end the next one repeats where a paragraph or a line is cut in two; 0 to half of <paramref name="MaxTokens"/>.
/// </param>
public sealed record ChunkingOptions(int MaxTokens, int OverlapTokens)
{
    /// <summary>The first UTF-16 character to cut; what is before it, such as front matter, is in no chunk. Default: 0.</summary>
    public int TextStart { get; init; }

    /// <summary>The document's title; null for none.</summary>
    public string? Title { get; init; }

    /// <summary>
    /// Whether the title and the headings above a chunk are embedded with it, and so count in its tokens. They take at most a quarter of
    /// <see cref="MaxTokens"/>, and nothing below 32 tokens. Default: false.
    /// </summary>
    public bool EmbedContext { get; init; }

    /// <summary>Where chunks end. Default: <see cref="ChunkingStrategy.Structure"/>.</summary>
    public ChunkingStrategy Strategy { get; init; } = ChunkingStrategy.Structure;

    /// <summary>Where the text's meaning turns; chunks end there rather than at its structure. Null for none.</summary>
    public TextTurns? Turns { get; init; }
}

/// <summary>A piece of a document.</summary>
/// <param name="Number">0-based, without gaps.</param>
/// <param name="Text">Exactly the document's text from <paramref name="StartChar"/> to <paramref name="EndChar"/>.</param>
/// <param name="StartChar">First UTF-16 character in the document, 0-based.</param>
/// <param name="EndChar">One past the last.</param>
/// <param name="StartLine">1-based line of the first character.</param>
/// <param name="EndLine">1-based line of the last character.</param>
/// <param name="Tokens">The tokens of <see cref="EmbeddedText"/>, at most the limit.</param>
/// <param name="Cursor">The cursor from which the chunker makes this chunk and the following ones again.</param>
public sealed record Chunk(int Number, string Text, int StartChar, int EndChar, int StartLine, int EndLine, int Tokens, ChunkCursor Cursor)
{
    /// <summary>What is above the chunk's first character, that heading included which the chunk begins with; null for nothing.</summary>
    public Outline? Outline { get; init; }

    /// <summary>The text to embed: <see cref="Text"/>, below a line of context where the options ask for it.</summary>
    public string EmbeddedText { get; init; } = Text;
}
