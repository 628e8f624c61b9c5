using Quiver.Core.Embedding;
using Quiver.GrainInterfaces.Workers;

namespace Quiver.Core.Chunking;

/// <summary>Cuts one document, one chunk at a time.</summary>
internal sealed class ChunkCutter
{
    private const int MaxIndent = 64;
    private readonly string _text;
    private readonly int _overlapTokens;
    private readonly BorderWindow _borders;
    private readonly CutFinder _cuts;
    private readonly ChunkFitter _fitter;
    private int _number;
    private int _covered;
    private int _overlap;
    private (int Position, int Line) _lines;

    public ChunkCutter(string text, LineScanner scanner, bool hasSentences, ITokenizer tokenizer, ChunkingOptions options, ChunkCursor from)
    {
        _text = text;
        _overlapTokens = options.OverlapTokens;
        _borders = new BorderWindow(scanner);
        _cuts = new CutFinder(text, _borders, hasSentences);
        _fitter = new ChunkFitter(text, tokenizer, options.MaxTokens, _cuts, from.CharactersPerToken);
        (_number, _covered, _overlap, _lines) = (from.Number, from.Covered, from.Overlap, (from.LastStart, from.LastLine));
    }

    /// <summary>The next chunk; null when everything is covered.</summary>
    public Chunk? Next()
    {
        var behind = _covered;
        var cursor = new ChunkCursor
        {
            Number = _number,
            Covered = _covered,
            Overlap = _overlap,
            LastStart = _lines.Position,
            LastLine = _lines.Line,
            CharactersPerToken = _fitter.CharactersPerToken,
        };
        _covered = SkipWhiteSpace(_covered);
        if (_covered == _text.Length)
        {
            return null;
        }

        // Repeated text or indentation may take the space that the first new character needs.
        foreach (var start in (ReadOnlySpan<int>)[_overlap, IndentedStart(behind), _covered])
        {
            if (start < 0)
            {
                continue;
            }

            _borders.DropBefore(start);
            if (_fitter.Find(start, _covered) is { } fit)
            {
                return Make(start, fit, cursor);
            }
        }

        throw new InvalidOperationException("The tokenizer fits not even one character into a chunk.");
    }

    private Chunk Make(int start, Fit fit, ChunkCursor cursor)
    {
        var startLine = _lines.Line + _text.AsSpan(_lines.Position, start - _lines.Position).Count('\n');
        _lines = (start, startLine);
        var content = _text.AsSpan(start, fit.End - start);
        _covered = Math.Max(fit.Cut.Position, fit.End);
        _overlap = FindOverlap(start, fit);
        return new Chunk(_number++, content.ToString(), start, fit.End, startLine, startLine + content[..^1].Count('\n'), fit.Tokens, cursor);
    }

    /// <summary>The start of this chunk's part that the next one repeats; negative for none. Nothing is repeated across a section border.</summary>
    private int FindOverlap(int start, Fit fit)
    {
        if (_overlapTokens == 0 || fit.Cut.Strength == BorderStrength.Section)
        {
            return -1;
        }

        var length = fit.End - start;
        var wanted = (int)Math.Min(length / 2, (long)length * _overlapTokens / Math.Max(1, fit.Tokens));
        var from = fit.End - wanted;
        var overlap = wanted == 0 ? -1 : _cuts.FindOverlap(from, fit.End);
        if (overlap < 0)
        {
            return -1;
        }

        var first = SkipWhiteSpace(overlap);
        return first < fit.End ? Math.Max(overlap, first - IndentBefore(first)) : -1;
    }

    private int IndentedStart(int behind) => Math.Max(behind, _covered - IndentBefore(_covered));

    /// <summary>The length of the indentation before a line's first character; 0 inside a line.</summary>
    private int IndentBefore(int position)
    {
        var start = position;
        while (start > 0 && position - start < MaxIndent && _text[start - 1] is ' ' or '\t')
        {
            start--;
        }

        return start == 0 || _text[start - 1] == '\n' ? position - start : 0;
    }

    private int SkipWhiteSpace(int position)
    {
        while (position < _text.Length && char.IsWhiteSpace(_text[position]))
        {
            position++;
        }

        return position;
    }
}
