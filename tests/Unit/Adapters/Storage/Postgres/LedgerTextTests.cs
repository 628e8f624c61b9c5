using System.Text;
using Quiver.Adapters.Storage.Postgres;

namespace Quiver.Tests.Unit.Adapters.Storage.Postgres;

public sealed class LedgerTextTests
{
    private static readonly string[] Pieces = ["\0", "\u0001", "\u0002", "\u0003", "a", "Z", "é", "漢", "🙂", "\uFFFD", ""];

    [Fact]
    public void Text_OfAnyKind_ComesBackAndHoldsNoNul()
    {
        foreach (var text in Texts(500))
        {
            var stored = LedgerText.Encode(text);

            Assert.DoesNotContain('\0', stored);
            Assert.Equal(text, LedgerText.Decode(stored));
        }
    }

    [Fact]
    public void Texts_Stored_KeepTheOrderOfTheirBytes()
    {
        var texts = Texts(300).Distinct(StringComparer.Ordinal).ToList();

        Assert.Equal(Ordered(texts, text => text), Ordered(texts, LedgerText.Encode));
        Assert.Equal(texts.Count, texts.Select(LedgerText.Encode).Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public void Text_WithHalfASurrogate_GetsAReplacement() => Assert.Equal("a\uFFFDb\u0001\u0001", LedgerText.Encode("a\uD83Db\0"));

    [Theory]
    [InlineData("a", 2000, true)]
    [InlineData("a", 2001, false)]
    [InlineData("漢", 666, true)]
    [InlineData("漢", 1024, false)]
    [InlineData("🙂", 512, false)]
    [InlineData("\0", 1001, false)]
    public void Key_OfAText_IsTheTextWhereAnIndexTakesIt(string piece, int times, bool isWhole)
    {
        var text = string.Concat(Enumerable.Repeat(piece, times));

        var key = LedgerText.Key(text, out var full);

        Assert.InRange(Encoding.UTF8.GetByteCount(key), 1, LedgerText.MaxKeyBytes);
        Assert.Equal(isWhole ? null : LedgerText.Encode(text), full);
        Assert.Equal(isWhole, key == LedgerText.Encode(text));
        Assert.NotEqual(key, LedgerText.Key(text + "x", out _));
    }

    private static List<string> Ordered(IEnumerable<string> texts, Func<string, string> form) =>
        [.. texts.OrderBy(text => Convert.ToHexString(Encoding.UTF8.GetBytes(form(text))), StringComparer.Ordinal)];

    private static IEnumerable<string> Texts(int count)
    {
        var random = new Random(4711);
        return Enumerable.Range(0, count).Select(_ => string.Concat(Enumerable.Range(0, random.Next(0, 7)).Select(_ => Pieces[random.Next(Pieces.Length)])));
    }
}
