namespace Quiver.Core.Chunking;

/// <summary>Reads a text's lines once, in order, rates a cut before each, and keeps the outline.</summary>
/// <param name="text">The document.</param>
/// <param name="start">The first character to read.</param>
internal abstract class LineScanner(string text, int start)
{
    private int _next = start;

    /// <summary>The document.</summary>
    protected string Text { get; } = text;

    /// <summary>Whether one or more blank lines, or nothing, precede the line.</summary>
    protected bool AfterBlank { get; private set; } = true;

    /// <summary>The previous line that is not blank.</summary>
    protected Range Previous { get; private set; }

    /// <summary>The start of the following line; the text's length when there is none.</summary>
    protected int Following => _next;

    /// <summary>What the line is in; null for nothing. Stays for the following lines.</summary>
    protected Outline? Above { get; set; }

    /// <summary>The heading that the line belongs to; null for none. The following lines are below it.</summary>
    protected Outline? Own { get; set; }

    /// <summary>Whether the line belongs to what is below it, so that no chunk should end with it.</summary>
    protected bool LeadsOn { get; set; }

    /// <summary>What the following lines are in although this line is no heading; null for <see cref="Above"/>.</summary>
    protected Outline? Opened { get; set; }

    /// <summary>The next line that is not blank. False at the end.</summary>
    public bool TryNext(out LineBorder border)
    {
        while (_next < Text.Length)
        {
            var position = _next;
            var length = Text.AsSpan(position).IndexOf('\n');
            var end = length < 0 ? Text.Length : position + length;
            _next = length < 0 ? end : end + 1;
            var line = Text.AsSpan(position, end - position);
            if (line.IsWhiteSpace())
            {
                AfterBlank = true;
                continue;
            }

            (Own, Opened, LeadsOn) = (null, null, false);
            var strength = Judge(line.TrimEnd());
            border = new LineBorder(position, strength, Above, Own, LeadsOn || Own is not null);
            Above = Opened ?? Own ?? Above;
            Previous = position..end;
            AfterBlank = false;
            return true;
        }

        border = default;
        return false;
    }

    /// <summary>Rates a cut before a line, and sets its place in the outline.</summary>
    protected abstract BorderStrength Judge(ReadOnlySpan<char> line);

    /// <summary>Rates a line border inside a paragraph: better if the line above ends a sentence.</summary>
    protected BorderStrength InParagraph() =>
        Sentences.IsEnd(Text.AsSpan()[Previous].TrimEnd()) ? BorderStrength.Line : BorderStrength.SoftLine;
}

/// <summary>Plain text, whose paragraphs are separated by blank lines.</summary>
internal sealed class TextScanner(string text, int start) : LineScanner(text, start)
{
    protected override BorderStrength Judge(ReadOnlySpan<char> line) => AfterBlank ? BorderStrength.Block : InParagraph();
}

/// <summary>The start of a line that is not blank.</summary>
/// <param name="Position">Its first character, indentation included.</param>
/// <param name="Strength">The rating of a cut before it.</param>
/// <param name="Above">What it is in; null for nothing.</param>
/// <param name="Own">The heading that it belongs to; null for none.</param>
/// <param name="LeadsOn">Whether it is a heading or a comment, which belongs to what is below it.</param>
internal readonly record struct LineBorder(int Position, BorderStrength Strength, Outline? Above, Outline? Own, bool LeadsOn);

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
