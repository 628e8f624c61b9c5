namespace Quiver.Core.Chunking;

/// <summary>Reads a text's lines once, in order, and rates a cut before each.</summary>
internal abstract class LineScanner(string text)
{
    private int _next;

    /// <summary>The document.</summary>
    protected string Text { get; } = text;

    /// <summary>Whether one or more blank lines, or nothing, precede the line.</summary>
    protected bool AfterBlank { get; private set; } = true;

    /// <summary>The previous line that is not blank.</summary>
    protected Range Previous { get; private set; }

    /// <summary>The start of the following line; the text's length when there is none.</summary>
    protected int Following => _next;

    /// <summary>The next line that is not blank. False at the end.</summary>
    public bool TryNext(out LineBorder border)
    {
        while (_next < Text.Length)
        {
            var start = _next;
            var length = Text.AsSpan(start).IndexOf('\n');
            var end = length < 0 ? Text.Length : start + length;
            _next = length < 0 ? end : end + 1;
            var line = Text.AsSpan(start, end - start);
            if (line.IsWhiteSpace())
            {
                AfterBlank = true;
                continue;
            }

            border = new LineBorder(start, Judge(line.TrimEnd()));
            Previous = start..end;
            AfterBlank = false;
            return true;
        }

        border = default;
        return false;
    }

    /// <summary>Rates a cut before a line.</summary>
    protected abstract BorderStrength Judge(ReadOnlySpan<char> line);

    /// <summary>Rates a line border inside a paragraph: better if the line above ends a sentence.</summary>
    protected BorderStrength InParagraph() =>
        Sentences.IsEnd(Text.AsSpan()[Previous].TrimEnd()) ? BorderStrength.Line : BorderStrength.SoftLine;
}

/// <summary>Plain text, whose paragraphs are separated by blank lines.</summary>
internal sealed class TextScanner(string text) : LineScanner(text)
{
    protected override BorderStrength Judge(ReadOnlySpan<char> line) => AfterBlank ? BorderStrength.Block : InParagraph();
}

/// <summary>The start of a line that is not blank.</summary>
/// <param name="Position">Its first character, indentation included.</param>
/// <param name="Strength">The rating of a cut before it.</param>
internal readonly record struct LineBorder(int Position, BorderStrength Strength);

/// <summary>The rating of a cut; the smaller, the better.</summary>
internal enum BorderStrength
{
    /// <summary>Before a heading or a top-level declaration.</summary>
    Section = 0,

    /// <summary>Before a paragraph, a list, a table, fenced code, or a member.</summary>
    Block = 1,

    /// <summary>Before a list item or a block inside a member.</summary>
    SubBlock = 2,

    /// <summary>Before a line that begins a statement or a row.</summary>
    Line = 3,

    /// <summary>Behind a sentence.</summary>
    Sentence = 4,

    /// <summary>Before a line that continues the one above.</summary>
    SoftLine = 5,

    /// <summary>Between words.</summary>
    Word = 6,
}
