namespace Quiver.Core.Chunking;

/// <summary>Plain text: paragraphs are set apart by blank lines.</summary>
internal sealed class TextScanner(string text) : LineScanner(text)
{
    protected override BorderStrength Judge(ReadOnlySpan<char> line) => AfterBlank ? BorderStrength.Block : InParagraph();
}
