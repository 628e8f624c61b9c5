namespace Quiver.Core.Chunking;

/// <summary>Markdown: headings of both kinds, fenced code, lists, tables, thematic breaks and paragraphs.</summary>
internal sealed class MarkdownScanner(string text) : LineScanner(text)
{
    private char _fence;
    private int _fenceLength;
    private Block _previous;

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

    protected override BorderStrength Judge(ReadOnlySpan<char> line)
    {
        var content = line.TrimStart();
        if (_fence != '\0')
        {
            return InFence(content);
        }

        var block = Classify(content, line.Length - content.Length);
        var strength = Judge(block);
        _previous = block;
        return strength;
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

        if (_previous == Block.Heading && !AfterBlank && (content.TrimStart('=').IsEmpty || content.TrimStart('-').IsEmpty))
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
