using System.Text.Json;
using Quiver.Core.Embedding.Tokenization;

namespace Quiver.Tests.Unit.Core.Embedding.Tokenization;

public sealed class WordPieceTokenizerTests
{
    private const int Seed = 9_118;

    private static readonly string[] Vocabulary =
    [
        "[PAD]", "[UNK]", "[CLS]", "[SEP]", "want", "##want", "##ed", "wa", "un", "runn", "##ing", ",", "low", "lowest", "##est", "hello", "!", "中", "a", "##b", "Hello", "cafe", "'", "=", "<", ">", "`", "hello=",
    ];

    private static readonly WordPieceTokenizer Uncased = new(Vocabulary, new WordPieceOptions());
    private static readonly WordPieceTokenizer Cased = new(Vocabulary, new WordPieceOptions(LowerCase: false));

    [Theory]
    [InlineData("", 0)]
    [InlineData("unwanted running", 0)]
    [InlineData("unwantedX running, я", 2)]
    [InlineData("日本 中", 2)]
    public void CountUnknown_OfAText_IsTheNumberOfItsUnknownPieces(string text, int expected)
    {
        Assert.Equal(expected, Uncased.CountUnknown(text));
        Assert.Equal(expected, Uncased.Encode(text).Count(id => id == 1));
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("unwanted running", "un ##want ##ed runn ##ing")]
    [InlineData("unwantedX running", "[UNK] runn ##ing")]
    [InlineData("UNwanted,running", "un ##want ##ed , runn ##ing")]
    [InlineData(" \tHeLLo!\n ", "hello !")]
    [InlineData("Héllo", "hello")]
    [InlineData("Cafe\u0301", "cafe")]
    [InlineData("a中b中ab", "a 中 [UNK] 中 a ##b")]
    [InlineData("lowest lowing", "lowest low ##ing")]
    [InlineData("hel\u0000l\u200do\ufffd", "hello")]
    [InlineData("hello\u00a0a", "hello a")]
    [InlineData("a'ab", "a ' a ##b")]
    [InlineData("\ud800hello", "hello")]
    [InlineData("hello\u2028a\u2029hello", "hello a hello")]
    [InlineData("hello\u2028", "hello")]
    [InlineData("a\u2260hello", "a = hello")]
    [InlineData("a\u226ehello", "a < hello")]
    [InlineData("a\u226fhello", "a > hello")]
    [InlineData("a\u1fefhello", "a ` hello")]
    [InlineData("hello\u2260", "hello =")]
    [InlineData("hello=\u0338a", "hello = a")]
    public void Encode_KnownText_GivesTheGoldenPieces(string text, string expected) =>
        Assert.Equal($"[CLS] {expected} [SEP]".Replace("  ", " ", StringComparison.Ordinal), Pieces(Uncased, text));

    [Fact]
    public void Encode_CasedModel_KeepsCaseAndAccents() =>
        Assert.Equal("[CLS] Hello hello [UNK] [SEP]", Pieces(Cased, "Hello hello Héllo"));

    [Fact]
    public void Encode_CasedModel_DecomposesNothing() => Assert.Equal("[CLS] [UNK] a [SEP]", Pieces(Cased, "a\u2260a\u2028a"));

    [Fact]
    public void Encode_WordOfMoreThan100Letters_IsUnknown() =>
        Assert.Equal("[CLS] [UNK] a ##b [SEP]", Pieces(Uncased, $"a{new string('b', 100)} ab"));

    [Fact]
    public void Encode_WordOf100Letters_IsCut() => Assert.Equal(102, Uncased.Encode($"a{new string('b', 99)}").Length);

    [Fact]
    public void Constructor_VocabularyWithoutSpecialPiece_NamesIt()
    {
        var error = Assert.Throws<FormatException>(() => new WordPieceTokenizer(["[UNK]", "[CLS]"], new WordPieceOptions()));

        Assert.Contains("[SEP]", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void IndexOfTokenLimit_HardTexts_GivesAFittingPrefixAndItsCount()
    {
        var random = new Random(Seed);
        for (var i = 0; i < 4_000; i++)
        {
            var text = RandomText.Next(random, 60);
            var limit = random.Next(3, 40);

            var length = Uncased.IndexOfTokenLimit(text, limit, out var tokens);

            var because = $"seed {Seed}, text {i}: {JsonSerializer.Serialize(text)}, limit {limit}";
            Assert.True(length > 0 && length <= text.Length, because);
            Assert.True(tokens == Uncased.CountTokens(text.AsSpan(0, length)), because);
            Assert.True(tokens <= limit || length <= 2, because);
            Assert.False(length < text.Length && char.IsSurrogatePair(text[length - 1], text[length]), because);
            Assert.True(Uncased.CountTokens(text) == Uncased.Encode(text).Length, because);
        }
    }

    private static string Pieces(WordPieceTokenizer tokenizer, string text) => string.Join(' ', tokenizer.Encode(text).Select(id => Vocabulary[id]));
}
