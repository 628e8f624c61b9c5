namespace Quiver.Core.Chunking;

/// <summary>
/// Source code of any language. Depth comes from the indentation, which brace languages and Python share; where a text has none, from its
/// braces. A line after a blank line or after the end of a block begins a unit; the less deep, the better a cut. A comment or an attribute
/// stays with the line below it, and the first line of a block with the line that opens it.
/// </summary>
internal sealed class CodeScanner : LineScanner
{
    private const int SampleCharacters = 64 * 1024;
    private const int TabWidth = 4;
    private const int MaxOutlineDepth = 6;
    private readonly int _unit;
    private int _braces;
    private int _previousDepth;
    private LineKind _previous;

    public CodeScanner(string text, int start)
        : base(text, start) => _unit = IndentUnit(text.AsSpan(start, Math.Min(text.Length - start, SampleCharacters)));

    private enum LineKind
    {
        Plain = 0,

        /// <summary>Closes or continues the block above it.</summary>
        Closer = 1,

        /// <summary>Opens a block.</summary>
        Opener = 2,

        /// <summary>A comment, an attribute or a decorator: belongs to what is below it.</summary>
        Lead = 3,
    }

    protected override BorderStrength Judge(ReadOnlySpan<char> line)
    {
        var content = line.TrimStart();
        var kind = KindOf(content);
        var depth = _unit > 0 ? Indent(line) / _unit : _braces - (content[0] == '}' ? 1 : 0);
        var strength = Judge(depth, kind);
        Place(content, depth, kind);
        _braces = Math.Max(0, _braces + content.Count('{') - content.Count('}'));
        _previous = kind == LineKind.Closer && content[^1] == '{' ? LineKind.Opener : kind;
        _previousDepth = depth;
        return strength;
    }

    private static LineKind KindOf(ReadOnlySpan<char> content) =>
        IsCloser(content) ? LineKind.Closer
        : Declarations.IsLead(content) ? LineKind.Lead
        : content[^1] is '{' or ':' or '(' ? LineKind.Opener
        : LineKind.Plain;

    private BorderStrength Judge(int depth, LineKind kind)
    {
        if (kind == LineKind.Closer)
        {
            return BorderStrength.SoftLine;
        }

        var apart = AfterBlank || (_previous == LineKind.Closer && depth <= _previousDepth);
        return (apart, depth) switch
        {
            (true, <= 0) => BorderStrength.Section,
            (true, 1) => BorderStrength.Block,
            (true, _) => BorderStrength.SubBlock,
            _ when _previous is LineKind.Lead or LineKind.Opener => BorderStrength.SoftLine,
            _ => depth < _previousDepth ? BorderStrength.SubBlock : BorderStrength.Line,
        };
    }

    private void Place(ReadOnlySpan<char> content, int depth, LineKind kind)
    {
        // A brace on a line of its own belongs to the declaration above it, which has the same depth.
        if (kind == LineKind.Closer)
        {
            return;
        }

        Above = Outline.Leave(Above, depth);
        LeadsOn = kind == LineKind.Lead;
        if (!LeadsOn && Declarations.Find(content) is { } name && Depth(Above) < MaxOutlineDepth)
        {
            Opened = new Outline(name, depth, Above);
        }
    }

    private static int Depth(Outline? outline)
    {
        var depth = 0;
        for (; outline is not null; outline = outline.Above)
        {
            depth++;
        }

        return depth;
    }

    /// <summary>The smallest indentation in the sample; 0 for none.</summary>
    private static int IndentUnit(ReadOnlySpan<char> sample)
    {
        var unit = 0;
        foreach (var line in sample.EnumerateLines())
        {
            var indent = Indent(line);

            // One column is the star of a comment, not a level.
            if (indent > 1 && indent < line.Length * TabWidth && (unit == 0 || indent < unit))
            {
                unit = indent;
            }
        }

        return unit;
    }

    private static int Indent(ReadOnlySpan<char> line)
    {
        var columns = 0;
        foreach (var c in line)
        {
            if (c == ' ')
            {
                columns++;
            }
            else if (c == '\t')
            {
                columns += TabWidth;
            }
            else
            {
                break;
            }
        }

        return columns;
    }

    /// <summary>Whether a line closes or continues the block above it, and so must not begin a chunk.</summary>
    private static bool IsCloser(ReadOnlySpan<char> content)
    {
        if (content[0] is '}' or ')' or ']' or '{')
        {
            return true;
        }

        var word = content;
        var length = word.IndexOfAnyExceptInRange('a', 'z');
        if (length >= 0)
        {
            word = word[..length];
        }

        return word is "else" or "elif" or "elsif" or "except" or "catch" or "finally" or "rescue" or "ensure" or "end" or "esac" or "fi" or "done";
    }
}
