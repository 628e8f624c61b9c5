using System.Text;

namespace Quiver.Tests.Unit.Core.Embedding.Tokenization;

/// <summary>Texts with more Unicode edge cases than real ones.</summary>
internal static class RandomText
{
    private static readonly string[] Parts =
    [
        "hello", "the ", "ing", " ", "  ", ":", "30", "5", "ß", "é", "e\u0301", "q\u0323\u0307", "中", "，", "ｆｕ", "😀", "\ud83d", "\udc01", "ﬁ", "\u0301", "\u0345",
        "Z", "\n", "\t", "▁", "가", "\u1100\u1161", "\u1161", "\u11a8", "\u314f", "ｶ", "ﾞ", "²", "tion", ".", "…", "\ufdfa", "\u0344", "İ", "Å", "\u00a0", "\u200d", "-", "unaffable", "日本",
        "\ufffe", "\U0001d165", "\U00016d63", "\u0cc6\u0cc2",
    ];

    public static string Next(Random random, int maxParts)
    {
        var text = new StringBuilder();
        for (var count = random.Next(1, maxParts + 1); count > 0; count--)
        {
            text.Append(Parts[random.Next(Parts.Length)]);
        }

        return text.ToString();
    }
}
