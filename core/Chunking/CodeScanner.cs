namespace Quiver.Core.Chunking;

/// <summary>
/// Source code of any language. Depth comes from the indentation, which brace languages and Python share; where a text has none, from its
/// braces. A line after a blank line or after the end of a block begins a unit; the less deep, the better a cut.
/// </summary>
internal sealed class CodeScanner : LineScanner
{
    private const int SampleCharacters = 64 * 1024;
    private const int TabWidth = 4;
    private readonly int _unit;
    private int _braces;
    private bool _afterCloser;
    private int _previousDepth;

    public CodeScanner(string text)
        : base(text) => _unit = IndentUnit(text.AsSpan(0, Math.Min(text.Length, SampleCharacters)));

    protected override BorderStrength Judge(ReadOnlySpan<char> line)
    {
        var content = line.TrimStart();
        var closes = IsCloser(content);
        var depth = _unit > 0 ? Indent(line) / _unit : _braces - (content[0] == '}' ? 1 : 0);
        var strength = Judge(depth, closes);
        _braces = Math.Max(0, _braces + content.Count('{') - content.Count('}'));
        _afterCloser = closes;
        _previousDepth = depth;
        return strength;
    }

    private BorderStrength Judge(int depth, bool closes)
    {
        if (closes)
        {
            return BorderStrength.SoftLine;
        }

        var apart = AfterBlank || (_afterCloser && depth <= _previousDepth);
        return (apart, depth) switch
        {
            (true, <= 0) => BorderStrength.Section,
            (true, 1) => BorderStrength.Block,
            (true, _) => BorderStrength.SubBlock,
            _ => depth < _previousDepth ? BorderStrength.SubBlock : BorderStrength.Line,
        };
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
