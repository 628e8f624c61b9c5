using System.Runtime.CompilerServices;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Quiver.Pipeline.Embedding.Tokenization;

namespace Quiver.Tests.Unit.Pipeline.Embedding.Tokenization;

public sealed class UnigramTokenizerTests
{
    private const int Seed = 71_304;
    private static readonly UnigramTokenizer Tokenizer = DefaultVocabulary.Tokenizer;

    [Theory]
    [InlineData("hello", new[] { 2002, 102 })]
    [InlineData("Hello, world!", new[] { 341, 4125, 8, 311, 78 })]
    [InlineData("5:00 6:30", new[] { 301, 5920, 365, 4177 })]
    [InlineData("naïve café", new[] { 1216, 0, 105, 976, 209, 1133 })]
    [InlineData(":)", new[] { 30, 57, 52 })]
    [InlineData("", new int[0])]
    public void Encode_KnownText_GivesTheGoldenIds(string text, int[] expected) => Assert.Equal(expected, Tokenizer.Encode(text));

    [Fact]
    public void Encode_TextsOfTheGoldenFile_GivesTheOriginalsIds()
    {
        var cases = JsonSerializer.Deserialize<GoldenCase[]>(File.ReadAllBytes(GoldenFile()), JsonSerializerOptions.Web) ?? [];

        Assert.True(cases.Length > 200);
        foreach (var golden in cases)
        {
            // UTF-16 code units, because a lone surrogate has no place in a JSON file.
            var text = string.Concat(golden.Units.Select(unit => (char)unit));
            Assert.True(golden.Ids.SequenceEqual(Tokenizer.Encode(text)), $"{JsonSerializer.Serialize(text)}: {string.Join(',', Tokenizer.Encode(text))} instead of {string.Join(',', golden.Ids)}");
        }
    }

    [Fact]
    public void CountTokens_AnyText_IsTheNumberOfIds() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(500), Prop.ForAll<string?>(text => Tokenizer.CountTokens(text) == Tokenizer.Encode(text ?? "").Length));

    [Fact]
    public void CountTokens_HardTexts_IsTheNumberOfIds()
    {
        var random = new Random(Seed);
        for (var i = 0; i < 2_000; i++)
        {
            var text = RandomText.Next(random, 40);

            Assert.True(Tokenizer.CountTokens(text) == Tokenizer.Encode(text).Length, $"seed {Seed}, text {i}");
        }
    }

    [Fact]
    public void IndexOfTokenLimit_HardTexts_GivesAFittingPrefixAndItsCount()
    {
        var random = new Random(Seed);
        for (var i = 0; i < 4_000; i++)
        {
            var text = RandomText.Next(random, 60);
            var limit = random.Next(1, 40);

            var length = Tokenizer.IndexOfTokenLimit(text, limit, out var tokens);

            var because = $"seed {Seed}, text {i}: {JsonSerializer.Serialize(text)}, limit {limit}";
            Assert.True(length > 0 && length <= text.Length, because);
            Assert.True(tokens == Tokenizer.CountTokens(text.AsSpan(0, length)), because);
            Assert.True(tokens <= limit || length <= 2, because);
            Assert.False(length < text.Length && char.IsSurrogatePair(text[length - 1], text[length]), because);
        }
    }

    [Fact]
    public void IndexOfTokenLimit_PlainText_FindsTheLongestPrefix()
    {
        const string text = "Quiver turns datasets into searchable vectors and never loses its place, whatever happens to the machine that it runs on.";
        for (var limit = 1; limit < 40; limit++)
        {
            var expected = Enumerable.Range(1, text.Length).Last(length => Tokenizer.CountTokens(text.AsSpan(0, length)) <= Math.Max(2, limit));

            var found = Tokenizer.IndexOfTokenLimit(text, Math.Max(2, limit), out _);

            Assert.Equal(expected, found);
        }
    }

    [Fact]
    public void IndexOfTokenLimit_WholeTextFits_IsItsLength()
    {
        var text = string.Concat(Enumerable.Repeat("the quick brown fox, ", 3_000));

        var length = Tokenizer.IndexOfTokenLimit(text, int.MaxValue, out var tokens);

        Assert.Equal(text.Length, length);
        Assert.Equal(Tokenizer.Encode(text).Length, tokens);
    }

    [Fact]
    public void CountTokens_TextOfUnknownsOnly_IsTheWordMarkAndOneUnknown() =>
        Assert.Equal(2, Tokenizer.CountTokens(new string('中', 100_000)));

    private static string GoldenFile([CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here) ?? "", "golden-ids.json");

    private sealed record GoldenCase(int[] Units, int[] Ids);
}
