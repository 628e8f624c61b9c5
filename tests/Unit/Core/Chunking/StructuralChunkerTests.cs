using Quiver.Core.Chunking;
using Quiver.Tests.Support;

namespace Quiver.Tests.Unit.Core.Chunking;

public sealed class StructuralChunkerTests
{
    [Theory]
    [InlineData("")]
    [InlineData(" \r\n\t\u3000 ")]
    public void Chunk_TextWithoutContent_GivesNothing(string text) => Assert.Empty(Cut(text, DocumentFormat.Text, 40, 0));

    [Fact]
    public void Chunk_ShortText_IsOneChunkWithoutItsOuterWhiteSpace()
    {
        var chunk = Assert.Single(Cut("\r\n\r\nHello there.\r\nBye.\r\n\r\n", DocumentFormat.Text, 40, 8));

        Assert.Equal("Hello there.\r\nBye.", chunk.Text);
        Assert.Equal((4, 22, 3, 4), (chunk.StartChar, chunk.EndChar, chunk.StartLine, chunk.EndLine));
    }

    [Fact]
    public void Chunk_MarkdownSections_CutsBeforeHeadings()
    {
        var body = string.Join(' ', Enumerable.Repeat("Words of the body stand here.", 4));
        var text = $"# One\n\n{body}\n\n## Two\n\n{body}\n\nThree\n=====\n\n{body}\n";

        var chunks = Cut(text, DocumentFormat.Markdown, 52, 0);

        Assert.Equal(["# One", "## Two", "Three"], chunks.Select(chunk => chunk.Text.Split('\n')[0]));
    }

    [Fact]
    public void Chunk_HeadingNearTheEndOfWhatFits_StaysWithItsParagraph()
    {
        var sentence = "Some words are written here now. ";
        var text = $"{string.Concat(Enumerable.Repeat(sentence, 3))}\n\n# Heading\n\n{string.Concat(Enumerable.Repeat(sentence, 4))}";

        var chunks = Cut(text, DocumentFormat.Markdown, 44, 0);

        Assert.DoesNotContain(chunks, chunk => chunk.Text.EndsWith("# Heading", StringComparison.Ordinal));
    }

    [Fact]
    public void Chunk_HashInsideFence_IsNoHeading()
    {
        var line = "value = compute(value)\n";
        var fence = $"```\n{line}{line}{line}\n# a comment in the code\n{line}{line}{line}```\n\n";
        var text = $"Introducing words.\n\n{fence}# Heading\n\nWords of the last part, which are a few more than before.\n";

        var chunks = Cut(text, DocumentFormat.Markdown, 76, 0);

        Assert.Equal(["Introducing words.", "# Heading"], chunks.Select(chunk => chunk.Text.Split('\n')[0]));
    }

    [Fact]
    public void Chunk_Prose_EndsAtSentences()
    {
        var text = string.Join(' ', Enumerable.Range(0, 40).Select(i => $"Dr. Smith saw the number {i} e.g. on the wall today."));

        var chunks = Cut(text, DocumentFormat.Text, 50, 0);

        Assert.True(chunks.Count > 5);
        Assert.All(chunks, chunk => Assert.EndsWith("today.", chunk.Text, StringComparison.Ordinal));
    }

    [Fact]
    public void Chunk_ProseWithoutSpaces_EndsAtSentences()
    {
        var text = string.Concat(Enumerable.Repeat("吾輩は猫である。名前はまだ無い。", 40));

        var chunks = Cut(text, DocumentFormat.Text, 30, 0);

        Assert.True(chunks.Count > 3);
        Assert.All(chunks, chunk => Assert.EndsWith("。", chunk.Text, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("public void Method{0}()\n{\n    var value = Compute({0});\n    if (value > 3)\n    {\n        Write(value);\n    }\n}\n\n", "public void")]
    [InlineData("def function_{0}(value):\n    result = compute(value)\n    if result > 3:\n        write(result)\n    return result\n\n\n", "def function")]
    public void Chunk_Code_BeginsWithDeclarations(string template, string declaration)
    {
        var text = string.Concat(Enumerable.Range(0, 20).Select(i => template.Replace("{0}", $"{i}", StringComparison.Ordinal)));

        var chunks = Cut(text, DocumentFormat.Code, 60, 10);

        Assert.True(chunks.Count > 5);
        Assert.All(chunks, chunk => Assert.StartsWith(declaration, chunk.Text, StringComparison.Ordinal));
    }

    [Fact]
    public void Chunk_Members_KeepTheirIndentation()
    {
        var member = "    public int Value()\n    {\n        return Compute(1, 2, 3);\n    }\n";
        var text = "class A\n{\n" + string.Join('\n', Enumerable.Repeat(member, 12)) + "}\n";

        var chunks = Cut(text, DocumentFormat.Code, 48, 0);

        Assert.True(chunks.Count > 3);
        Assert.All(chunks.Skip(1), chunk => Assert.StartsWith("    public int Value()", chunk.Text, StringComparison.Ordinal));
    }

    [Fact]
    public void Chunk_Overlap_RepeatsWholeSentences()
    {
        var text = string.Join(' ', Enumerable.Range(0, 60).Select(i => $"This is the sentence number {i}."));

        var chunks = Cut(text, DocumentFormat.Text, 60, 15);

        foreach (var (one, two) in chunks.Zip(chunks.Skip(1)))
        {
            Assert.True(two.StartChar < one.EndChar);
            Assert.StartsWith("This is the sentence", two.Text, StringComparison.Ordinal);
            Assert.InRange(new PieceTokenizer(0).CountTokens(text.AsSpan(two.StartChar, one.EndChar - two.StartChar)), 1, 18);
        }
    }

    [Fact]
    public void Chunk_HugeTextWithoutBreak_IsTokenisedAFewTimesOnly()
    {
        var tokenizer = new PieceTokenizer();
        var text = new string('x', 4 * 1024 * 1024);

        var chunks = new StructuralChunker(tokenizer).Chunk(text, DocumentFormat.Code, new ChunkingOptions(96, 12)).ToList();

        Assert.Equal(text.Length, chunks[^1].EndChar);
        Assert.InRange(tokenizer.Characters, text.Length, 4L * text.Length);
    }

    [Fact]
    public void Chunk_Prose_IsTokenisedAboutOnce()
    {
        var tokenizer = new PieceTokenizer();
        var random = new Random(7);
        var text = string.Join(' ', Enumerable.Range(0, 4_000).Select(_ => string.Join(' ', Enumerable.Range(0, random.Next(4, 20)).Select(_ => new string('w', random.Next(1, 11)))) + "."));

        var chunks = new StructuralChunker(tokenizer).Chunk(text, DocumentFormat.Text, new ChunkingOptions(96, 0)).ToList();

        Assert.True(tokenizer.Characters < 1.6 * text.Length, $"tokenised {tokenizer.Characters / (double)text.Length:F2} times");
        Assert.True(chunks.Average(chunk => chunk.Tokens) > 70, $"average {chunks.Average(chunk => chunk.Tokens):F1} tokens");
    }

    [Theory]
    [InlineData(7, 0)]
    [InlineData(20, 11)]
    [InlineData(20, -1)]
    public void Chunk_OptionsOutsideTheirRanges_Throws(int maxTokens, int overlap) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new StructuralChunker(new PieceTokenizer()).Chunk("x", DocumentFormat.Text, new ChunkingOptions(maxTokens, overlap)));

    private static List<Chunk> Cut(string text, DocumentFormat format, int maxTokens, int overlap) =>
        [.. new StructuralChunker(new PieceTokenizer()).Chunk(text, format, new ChunkingOptions(maxTokens, overlap))];
}
