using Quiver.Core.Embedding;
using Quiver.GrainInterfaces.Workers;

namespace Quiver.Core.Chunking;

/// <summary>
/// Cuts at the strongest border that leaves a chunk well filled: headings and declarations, then paragraphs and members, lines, sentences, words,
/// and characters as a last resort. A line ends with a line feed.
/// </summary>
/// <param name="tokenizer">Counts the tokens. Its counts need not add up when texts are joined.</param>
public sealed class StructuralChunker(ITokenizer tokenizer) : IChunker
{
    private const int MinMaxTokens = 8;

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">The options are outside their ranges, or the cursor is behind the end of the text.</exception>
    public IEnumerable<Chunk> Chunk(string text, DocumentFormat format, ChunkingOptions options, ChunkCursor? from = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxTokens, MinMaxTokens);
        ArgumentOutOfRangeException.ThrowIfNegative(options.OverlapTokens);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.OverlapTokens, options.MaxTokens / 2);
        ArgumentOutOfRangeException.ThrowIfNegative(options.TextStart);
        var cursor = from ?? ChunkCursor.Start with { Covered = options.TextStart };
        ArgumentOutOfRangeException.ThrowIfGreaterThan(cursor.Covered, text.Length, nameof(from));
        return Cut(text, format, options, cursor);
    }

    /// <summary>The scanner of a format.</summary>
    internal static LineScanner CreateScanner(string text, DocumentFormat format, int start) => format switch
    {
        DocumentFormat.Markdown => new MarkdownScanner(text, start),
        DocumentFormat.Code => new CodeScanner(text, start),
        _ => new TextScanner(text, start),
    };

    private IEnumerable<Chunk> Cut(string text, DocumentFormat format, ChunkingOptions options, ChunkCursor from)
    {
        var scanner = CreateScanner(text, format, options.TextStart);
        var cutter = new ChunkCutter(text, scanner, format != DocumentFormat.Code, tokenizer, options, from);
        while (cutter.Next() is { } chunk)
        {
            yield return chunk;
        }
    }
}
