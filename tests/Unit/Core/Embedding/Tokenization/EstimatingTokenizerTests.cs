using FsCheck;
using FsCheck.Fluent;
using Quiver.Core.Embedding.Tokenization;

namespace Quiver.Tests.Unit.Core.Embedding.Tokenization;

public sealed class EstimatingTokenizerTests
{
    private static readonly EstimatingTokenizer Tokenizer = new();

    /// <summary>Counts of OpenAI's cl100k_base for these texts.</summary>
    [Theory]
    [InlineData("Hello, world!", 4)]
    [InlineData("The quick brown fox jumps over the lazy dog.", 10)]
    [InlineData("antidisestablishmentarianism", 6)]
    [InlineData("return items.Where(x => x.Id == 42).ToList();", 15)]
    [InlineData("3.14159265358979", 7)]
    [InlineData("こんにちは世界", 4)]
    public void Estimate_IsNotBelowARealTokenizers(string text, int real) => Assert.InRange(Tokenizer.CountTokens(text), real, (real * 6) + 4);

    [Fact]
    public void Prefix_NeverCountsMoreThanTheWhole_AndTheLimitHolds() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(500),
        Prop.ForAll<string?, int>((given, limit) =>
        {
            var text = given ?? "";
            var most = Math.Abs(limit % 40) + 3;
            var length = Tokenizer.IndexOfTokenLimit(text, most, out var tokens);
            var whole = length == text.Length || Tokenizer.CountTokens(text.AsSpan(0, length + (char.IsSurrogate(text[length]) && length + 1 < text.Length ? 2 : 1))) > most;
            return tokens == Tokenizer.CountTokens(text.AsSpan(0, length)) && (tokens <= most || length <= 2) && whole && (text.Length == 0 || length > 0);
        }));

    [Fact]
    public void Limit_NeverSplitsASurrogatePair() => Assert.Equal(2, Tokenizer.IndexOfTokenLimit("🎯🎯", 1, out _));
}
