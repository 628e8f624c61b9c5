using System.Globalization;
using System.Text;

namespace Quiver.Core.Embedding.Tokenization;

/// <summary>How BERT's basic tokenization sees a character.</summary>
internal static class BertCharacters
{
    /// <summary>Characters that are dropped.</summary>
    public static bool IsIgnored(Rune rune) =>
        rune.Value is 0 or 0xFFFD
        || (!IsSpace(rune) && Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format
            or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned);

    /// <summary>Characters that separate words.</summary>
    public static bool IsSpace(Rune rune) =>
        rune.Value is ' ' or '\t' or '\n' or '\r'
        || (!rune.IsAscii && Rune.GetUnicodeCategory(rune) is UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);

    /// <summary>Characters that are words by themselves; all of ASCII's symbols count.</summary>
    public static bool IsPunctuation(Rune rune) => rune.IsAscii
        ? rune.Value > ' ' && rune.Value < 0x7F && !char.IsAsciiLetterOrDigit((char)rune.Value)
        : Rune.IsPunctuation(rune);

    /// <summary>The characters that are no punctuation but become punctuation of ASCII when accents are stripped: not equal, not less, not greater, Greek varia.</summary>
    public static bool IsAccentedPunctuation(Rune rune) => rune.Value is 0x2260 or 0x226E or 0x226F or 0x1FEF;

    /// <summary>CJK ideographs; Kana and Hangul are not among them.</summary>
    public static bool IsIdeograph(Rune rune) => rune.Value is
        (>= 0x4E00 and <= 0x9FFF) or (>= 0x3400 and <= 0x4DBF) or (>= 0x20000 and <= 0x2A6DF) or (>= 0x2A700 and <= 0x2CEAF)
        or (>= 0xF900 and <= 0xFAFF) or (>= 0x2F800 and <= 0x2FA1F);
}
