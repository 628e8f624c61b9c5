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

    [Fact]
    public void Chunk_WithContext_EmbedsWhatIsAboveTheChunkAndNotWhatItBeginsWith()
    {
        var body = string.Join(' ', Enumerable.Repeat("Words of the body stand here.", 9));
        var text = $"Intro.\n\n# Guide\n\n{body}\n\n## Linux\n\n{body}\n";

        var chunks = Cut(text, DocumentFormat.Markdown, new(80, 0) { Title = "Guide", EmbedContext = true });

        Assert.All(chunks, chunk => Assert.Equal(chunk.Text, text[chunk.StartChar..chunk.EndChar]));
        foreach (var chunk in chunks)
        {
            var path = chunk.Outline?.ToPath() ?? [];
            var context = chunk.EmbeddedText[..^chunk.Text.Length];
            Assert.Equal(
                chunk.StartChar < text.IndexOf("# Guide", StringComparison.Ordinal) ? ("Guide\n", 0)
                : chunk.Text.StartsWith("# Guide", StringComparison.Ordinal) ? ("", 1)
                : chunk.Text.StartsWith("## Linux", StringComparison.Ordinal) ? ("Guide\n", 2)
                : chunk.StartChar < text.IndexOf("## Linux", StringComparison.Ordinal) ? ("Guide\n", 1)
                : ("Guide > Linux\n", 2),
                (context, path.Length));
        }

        Assert.Contains(chunks, chunk => chunk.EmbeddedText.StartsWith("Guide > Linux\nWords", StringComparison.Ordinal));
    }

    [Fact]
    public void Chunk_ContextThatIsTooLong_KeepsTitleAndInnermostHeading()
    {
        var text = $"# {new string('a', 60)}\n\n## {new string('b', 60)}\n\n### Inner\n\n{string.Join(' ', Enumerable.Repeat("Words of the body.", 60))}";

        var last = Cut(text, DocumentFormat.Markdown, new(64, 0) { Title = "Guide", EmbedContext = true })[^1];

        Assert.StartsWith("Guide > Inner\n", last.EmbeddedText, StringComparison.Ordinal);
        Assert.Equal(3, last.Outline!.ToPath().Length);
    }

    [Fact]
    public void Chunk_LongTable_RepeatsItsHeadInTheContextOfLaterChunks()
    {
        var rows = string.Concat(Enumerable.Range(0, 40).Select(i => $"| name{i} | the value of number {i} |\n"));
        var text = $"# Settings\n\nAll of them:\n\n| Name | Meaning |\n|---|---|\n{rows}";

        var chunks = Cut(text + "\nAfter the table.\n", DocumentFormat.Markdown, new(90, 0) { Title = "Settings", EmbedContext = true });

        Assert.True(chunks.Count > 4);
        Assert.All(chunks.Skip(1), chunk => Assert.StartsWith("Settings > Name | Meaning\n| name", chunk.EmbeddedText, StringComparison.Ordinal));
        Assert.Equal(["Settings", "Name | Meaning"], chunks[2].Outline!.ToPath());
        var after = Cut(text + "\nAfter." + string.Concat(Enumerable.Repeat(" More words here.", 40)), DocumentFormat.Markdown, 90, 0)[^1];
        Assert.Equal(["Settings"], after.Outline!.ToPath());
    }

    [Theory]
    [InlineData("namespace A;\n\npublic sealed class Store : Base\n{\n@@    /// <summary>Adds.</summary>\n    [Pure]\n    public int Add(\n        int one)\n    {\n##        return one;\n    }\n}\n", "public sealed class Store : Base|public int Add")]
    [InlineData("class Store(Base):\n@@    # Adds.\n    @pure\n    def add(self, one):\n        'Doc.'\n##        return one\n", "class Store|def add")]
    [InlineData("impl Store {\n@@    /// Adds.\n    #[inline]\n    pub fn add(&self) -> i32 {\n##        1\n    }\n}\n", "impl Store|pub fn add")]
    [InlineData("services:\n    web:\n        environment:\n##            LAST: 1\n", "services|web|environment")]
    public void Chunk_Code_KnowsTheTypesAndFunctionsThatItIsIn(string template, string expected)
    {
        var deeper = template.StartsWith("services", StringComparison.Ordinal) ? "            " : "        ";
        var text = template
            .Replace("@@", string.Concat(Enumerable.Range(0, 30).Select(i => $"    field{i} = {i};\n")), StringComparison.Ordinal)
            .Replace("##", string.Concat(Enumerable.Range(0, 60).Select(i => $"{deeper}call(number, {i});\n")), StringComparison.Ordinal);

        var chunks = Cut(text, DocumentFormat.Code, new(64, 0) { Title = "src/store", EmbedContext = true });

        Assert.Equal(expected.Split('|'), chunks[^1].Outline!.ToPath());
        Assert.DoesNotContain(chunks, chunk => chunk.Text.EndsWith("Adds.</summary>", StringComparison.Ordinal) || chunk.Text.EndsWith("Adds.", StringComparison.Ordinal));
    }

    [Fact]
    public void Chunk_Code_NeverEndsWithTheCommentOfWhatFollows()
    {
        var member = "    /// <summary>\n    /// Computes the value.\n    /// </summary>\n    [Pure]\n    public int Value@()\n    {\n        return Compute(1, 2, 3);\n    }\n\n";
        var text = "class A\n{\n" + string.Concat(Enumerable.Range(0, 40).Select(i => member.Replace("@", $"{i}", StringComparison.Ordinal))) + "}\n";

        foreach (var max in (ReadOnlySpan<int>)[64, 80, 100, 128])
        {
            Assert.All(Cut(text, DocumentFormat.Code, max, 12).SkipLast(1), chunk => Assert.EndsWith("    }", chunk.Text, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Chunk_TextStart_LeavesOutWhatIsBeforeItAndCountsItsLines()
    {
        var chunk = Assert.Single(Cut("---\ntitle: x\n---\n# One\n\nBody.\n", DocumentFormat.Markdown, new(40, 0) { TextStart = 17 }));

        Assert.Equal(("# One\n\nBody.", 17, 4, 6), (chunk.Text, chunk.StartChar, chunk.StartLine, chunk.EndLine));
        Assert.Equal(["One"], chunk.Outline!.ToPath());
    }

    [Fact]
    public void Chunk_Fixed_FillsEveryChunkWhateverItsStructure()
    {
        var text = string.Concat(Enumerable.Range(0, 40).Select(i => $"# Heading {i}\n\nSome words of the body, which is short.\n\n"));

        var chunks = Cut(text, DocumentFormat.Markdown, new(60, 0) { Strategy = ChunkingStrategy.Fixed });

        Assert.All(chunks.SkipLast(1), chunk => Assert.InRange(chunk.Tokens, 44, 60));
        Assert.Contains(chunks, chunk => !chunk.Text.StartsWith('#'));
    }

    [Fact]
    public void Chunk_ManyShortSections_AreJoinedUpToTheBudget()
    {
        var text = string.Concat(Enumerable.Range(0, 60).Select(i => $"## Heading {i}\n\nA short body of a few words.\n\n"));

        var chunks = Cut(text, DocumentFormat.Markdown, 128, 12);

        Assert.True(chunks.Average(chunk => chunk.Tokens) > 96, $"average {chunks.Average(chunk => chunk.Tokens):F1} tokens");
    }

    [Theory]
    [InlineData(7, 0)]
    [InlineData(20, 11)]
    [InlineData(20, -1)]
    public void Chunk_OptionsOutsideTheirRanges_Throws(int maxTokens, int overlap) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new StructuralChunker(new PieceTokenizer()).Chunk("x", DocumentFormat.Text, new ChunkingOptions(maxTokens, overlap)));

    private static List<Chunk> Cut(string text, DocumentFormat format, int maxTokens, int overlap) =>
        Cut(text, format, new ChunkingOptions(maxTokens, overlap));

    private static List<Chunk> Cut(string text, DocumentFormat format, ChunkingOptions options) =>
        [.. new StructuralChunker(new PieceTokenizer()).Chunk(text, format, options)];
}
