namespace Quiver.Core.Chunking;

/// <summary>Markdown: headings of both kinds, fenced code, lists, tables, thematic breaks and paragraphs.</summary>
internal sealed class MarkdownScanner(string text, int start) : LineScanner(text, start)
{
    // Below the deepest heading.
    private const int TableLevel = 7;
    private const int MaxTitleSearch = 64 * 1024;

    private char _fence;
    private int _fenceLength;
    private Block _previous;
    private int _tableRows;
    private Outline? _tableHead;

    private enum Block
    {
        None = 0,
        Heading = 1,
        Fence = 2,
        Item = 3,
        Table = 4,
        Rule = 5,
        Paragraph = 6,
    }

    /// <summary>The text of the first heading near the beginning; null for none.</summary>
    /// <param name="text">The document.</param>
    /// <param name="start">The first character to read.</param>
    public static string? FindFirstHeading(string text, int start)
    {
        var scanner = new MarkdownScanner(text, start);
        while (scanner.TryNext(out var border) && border.Position - start < MaxTitleSearch)
        {
            if (border.Own is { } heading)
            {
                return heading.Heading;
            }
        }

        return null;
    }

    protected override BorderStrength Judge(ReadOnlySpan<char> line)
    {
        var content = line.TrimStart();
        if (_fence != '\0')
        {
            return InFence(content);
        }

        var block = Classify(content, line.Length - content.Length);
        var strength = Judge(block);
        Above = Outline.Leave(Above, TableLevel);
        switch (block)
        {
            case Block.Heading:
                Place(content);
                break;
            case Block.Table:
                strength = PlaceRow(content, strength);
                break;
            default:
                _tableRows = 0;
                break;
        }

        _previous = block;
        return strength;
    }

    private void Place(ReadOnlySpan<char> content)
    {
        _tableRows = 0;
        var underlines = _previous == Block.Heading && !AfterBlank && IsUnderline(content);
        if (underlines)
        {
            // The second line of a heading.
            (Own, Above) = (Above, Above?.Above);
            return;
        }

        var hashes = content.Length - content.TrimStart('#').Length;
        var level = hashes > 0 ? hashes : Text[Following] == '=' ? 1 : 2;
        var heading = (hashes > 0 ? content[hashes..].Trim().TrimEnd('#') : content).Trim();
        Above = Outline.Leave(Above, level);
        if (!heading.IsEmpty)
        {
            Own = new Outline(heading.ToString(), level, Above);
        }
    }

    /// <summary>Places a row of a table: rows below the first one are below the table's head, which their chunks repeat.</summary>
    private BorderStrength PlaceRow(ReadOnlySpan<char> content, BorderStrength strength)
    {
        _tableRows = _previous == Block.Table && !AfterBlank ? _tableRows + 1 : 1;
        switch (_tableRows)
        {
            case 1:
                _tableHead = new Outline(content.Trim().Trim('|').Trim().ToString(), TableLevel, Above);
                return strength;
            case 2 when !IsDelimiterRow(content):
                _tableHead = null;
                return strength;
            case 2:
                return BorderStrength.SoftLine;
            default:
                if (_tableHead is null)
                {
                    return strength;
                }

                Opened = Above = _tableHead with { Above = Above };
                return _tableRows == 3 ? BorderStrength.SoftLine : strength;
        }
    }

    private BorderStrength Judge(Block block)
    {
        if (block == Block.Heading)
        {
            return _previous == Block.Heading ? BorderStrength.SoftLine : BorderStrength.Section;
        }

        // A heading stays with the text below it.
        if (_previous == Block.Heading)
        {
            return BorderStrength.SoftLine;
        }

        return block switch
        {
            Block.Fence or Block.Rule => BorderStrength.Block,
            Block.Item => _previous == Block.Item ? BorderStrength.SubBlock : BorderStrength.Block,
            Block.Table => _previous == Block.Table ? BorderStrength.Line : BorderStrength.Block,
            _ when _previous == Block.Item && !AfterBlank => BorderStrength.SoftLine,
            _ => AfterBlank || _previous != Block.Paragraph ? BorderStrength.Block : InParagraph(),
        };
    }

    private BorderStrength InFence(ReadOnlySpan<char> content)
    {
        if (FenceLength(content, _fence) >= _fenceLength && content.TrimStart(_fence).IsEmpty)
        {
            _fence = '\0';
            return BorderStrength.SoftLine;
        }

        return AfterBlank ? BorderStrength.SubBlock : BorderStrength.Line;
    }

    private Block Classify(ReadOnlySpan<char> content, int indent)
    {
        foreach (var mark in "`~")
        {
            if (FenceLength(content, mark) is >= 3 and var length)
            {
                (_fence, _fenceLength) = (mark, length);
                return Block.Fence;
            }
        }

        var hashes = content.Length - content.TrimStart('#').Length;
        if (indent < 4 && hashes is >= 1 and <= 6 && (hashes == content.Length || char.IsWhiteSpace(content[hashes])))
        {
            return Block.Heading;
        }

        if (_previous == Block.Heading && !AfterBlank && IsUnderline(content))
        {
            return Block.Heading;
        }

        if (IsRule(content))
        {
            return Block.Rule;
        }

        if (IsItem(content))
        {
            return Block.Item;
        }

        if (content[0] == '|')
        {
            return Block.Table;
        }

        return (AfterBlank || _previous != Block.Paragraph) && IsUnderlined() ? Block.Heading : Block.Paragraph;
    }

    private static bool IsUnderline(ReadOnlySpan<char> content) => content.TrimStart('=').IsEmpty || content.TrimStart('-').IsEmpty;

    /// <summary>Whether a row separates a table's head from its body, such as <c>|---|:-:|</c>.</summary>
    private static bool IsDelimiterRow(ReadOnlySpan<char> content) => content.Contains('-') && !content.ContainsAnyExcept("|-: \t");

    private bool IsUnderlined()
    {
        var following = Text.AsSpan(Following);
        var first = following.IsEmpty ? '\0' : following[0];
        if (first is not ('=' or '-'))
        {
            return false;
        }

        var rest = following.TrimStart(first);
        var end = rest.IndexOf('\n');
        return (end < 0 ? rest : rest[..end]).IsWhiteSpace();
    }

    private static bool IsRule(ReadOnlySpan<char> content)
    {
        if (content[0] is not ('-' or '*' or '_') || content.Length < 3)
        {
            return false;
        }

        var mark = content[0];
        foreach (var c in content)
        {
            if (c != mark && c != ' ')
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsItem(ReadOnlySpan<char> content)
    {
        if (content[0] is '-' or '*' or '+')
        {
            return content.Length == 1 || char.IsWhiteSpace(content[1]);
        }

        var digits = 0;
        while (digits < content.Length && digits < 9 && char.IsAsciiDigit(content[digits]))
        {
            digits++;
        }

        return digits > 0 && digits < content.Length && content[digits] is '.' or ')'
            && (digits + 1 == content.Length || char.IsWhiteSpace(content[digits + 1]));
    }

    private static int FenceLength(ReadOnlySpan<char> content, char mark) => content.Length - content.TrimStart(mark).Length;
}
