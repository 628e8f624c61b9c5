namespace Quiver.Core.Chunking;

/// <summary>Reads a text's lines once, in order, and says how good a cut before each is.</summary>
internal abstract class LineScanner(string text)
{
    private int _next;

    /// <summary>The document.</summary>
    protected string Text { get; } = text;

    /// <summary>Whether one or more blank lines, or nothing, precede the line.</summary>
    protected bool AfterBlank { get; private set; } = true;

    /// <summary>The line that is not blank before this one.</summary>
    protected Range Previous { get; private set; }

    /// <summary>Where the following line begins; the text's length when there is none.</summary>
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

    /// <summary>How good a cut before a line is.</summary>
    protected abstract BorderStrength Judge(ReadOnlySpan<char> line);

    /// <summary>A line border inside running text: a good one where the line above ends a sentence.</summary>
    protected BorderStrength InParagraph() =>
        Sentences.IsEnd(Text.AsSpan()[Previous].TrimEnd()) ? BorderStrength.Line : BorderStrength.SoftLine;
}
