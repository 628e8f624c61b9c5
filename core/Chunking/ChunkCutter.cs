using Quiver.Core.Embedding;
using Quiver.GrainInterfaces.Workers;

namespace Quiver.Core.Chunking;

/// <summary>Cuts one document, one chunk at a time.</summary>
internal sealed class ChunkCutter
{
    private const int MaxIndent = 64;
    private readonly string _text;
    private readonly ChunkingOptions _options;
    private readonly BorderWindow _borders;
    private readonly CutFinder _cuts;
    private readonly ChunkFitter _fitter;
    private readonly ContextLine _context;
    private int _number;
    private int _covered;
    private int _overlap;
    private (int Position, int Line) _lines;

    public ChunkCutter(string text, LineScanner scanner, bool hasSentences, ITokenizer tokenizer, ChunkingOptions options, ChunkCursor from)
    {
        _text = text;
        _options = options;
        _borders = new BorderWindow(scanner);
        _cuts = new CutFinder(text, _borders, hasSentences, options.Turns, onlyWords: options.Strategy == ChunkingStrategy.Fixed);
        _fitter = new ChunkFitter(text, tokenizer, _cuts, from.CharactersPerToken);
        _context = new ContextLine(tokenizer, options);
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
            var line = _borders.LineAt(start);
            var context = _context.Of(line?.Above, line?.Own);
            if (_fitter.Find(start, _covered, _options.MaxTokens - context.Tokens) is { } fit)
            {
                return Make(start, fit, line?.Own ?? line?.Above, context, cursor);
            }
        }

        throw new InvalidOperationException("The tokenizer fits not even one character into a chunk.");
    }

    private Chunk Make(int start, Fit fit, Outline? outline, ChunkContext context, ChunkCursor cursor)
    {
        var startLine = _lines.Line + _text.AsSpan(_lines.Position, start - _lines.Position).Count('\n');
        _lines = (start, startLine);
        var content = _text[start..fit.End];
        _covered = Math.Max(fit.Cut.Position, fit.End);
        _overlap = FindOverlap(start, fit);
        var endLine = startLine + content.AsSpan(..^1).Count('\n');
        return new Chunk(_number++, content, start, fit.End, startLine, endLine, fit.Tokens + context.Tokens, cursor)
        {
            Outline = outline,
            EmbeddedText = context.Line + content,
        };
    }

    /// <summary>
    /// The start of this chunk's part that the next one repeats; negative for none. Only where a paragraph was cut in two does its second
    /// half need the end of the first: a list item, a row or a statement is whole.
    /// </summary>
    private int FindOverlap(int start, Fit fit)
    {
        if (_options.OverlapTokens == 0 || fit.Cut.Strength < BorderStrength.Sentence)
        {
            return -1;
        }

        var length = fit.End - start;
        var wanted = (int)Math.Min(length / 2, (long)length * _options.OverlapTokens / Math.Max(1, fit.Tokens));
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
