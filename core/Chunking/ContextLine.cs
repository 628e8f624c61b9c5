using Quiver.Core.Embedding;
using Quiver.Core.Formats;

namespace Quiver.Core.Chunking;

/// <summary>The line of context that is embedded in front of a chunk. Remembers the last one: neighbouring chunks mostly share it.</summary>
internal sealed class ContextLine(ITokenizer tokenizer, ChunkingOptions options)
{
    private const int MinMaxTokens = 32;
    private const int Share = 4;
    private const int MaxPartCharacters = 200;

    private readonly int _specialTokens = tokenizer.CountTokens("");
    private readonly string? _title = options.Title is { } title && !string.IsNullOrWhiteSpace(title) ? Part(title) : null;
    private (Outline? Outline, ChunkContext Context)? _last;

    /// <summary>The context of a chunk that begins below an entry of the outline; what the chunk itself begins with is not repeated.</summary>
    /// <param name="above">The entry above the chunk; null for none.</param>
    /// <param name="own">The heading that the chunk begins with; null for none.</param>
    public ChunkContext Of(Outline? above, Outline? own)
    {
        if (!options.EmbedContext || options.MaxTokens < MinMaxTokens)
        {
            return default;
        }

        if (own is not null && above is null && own.Heading == _title)
        {
            return default;
        }

        if (_last is { } last && ReferenceEquals(last.Outline, above))
        {
            return last.Context;
        }

        var context = Make(above);
        _last = (above, context);
        return context;
    }

    private ChunkContext Make(Outline? above)
    {
        List<string> parts = [.. (above?.ToPath() ?? []).Select(Part)];
        if (_title is not null && (parts.Count == 0 || parts[0] != _title))
        {
            parts.Insert(0, _title);
        }

        if (parts.Count == 0)
        {
            return default;
        }

        // The outermost and the innermost part say most.
        var limit = options.MaxTokens / Share;
        var context = Measure(string.Join(ContextPath.Separator, parts));
        while (context.Tokens > limit && parts.Count > 2)
        {
            parts.RemoveAt(1);
            context = Measure(string.Join(ContextPath.Separator, parts));
        }

        if (context.Tokens <= limit)
        {
            return context;
        }

        var line = context.Line![..^1];
        var shorter = Measure(line[..tokenizer.IndexOfTokenLimit(line, Math.Max(1, limit + _specialTokens - 1), out _)].TrimEnd());
        return shorter.Tokens <= limit ? shorter : default;
    }

    private ChunkContext Measure(string text)
    {
        var line = text + '\n';
        return new(line, tokenizer.CountTokens(line) - _specialTokens);
    }

    private static string Part(string text) => CutText.At(text.ReplaceLineEndings(" ").Trim(), MaxPartCharacters);
}

/// <summary>A line of context.</summary>
/// <param name="Line">The line with its line feed; null for none.</param>
/// <param name="Tokens">The tokens that it adds to a text at most.</param>
internal readonly record struct ChunkContext(string? Line, int Tokens);
