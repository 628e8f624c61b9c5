using System.Globalization;
using System.Text;

namespace Quiver.Pipeline.Embedding.Tokenization;

/// <summary>Where a text can be cut so that the pieces, normalised one by one (NFKC), give what the whole gives.</summary>
internal static class NormalizationBoundary
{
    /// <summary>True when nothing at <paramref name="index"/> composes with, or is reordered before, what precedes it. May be false needlessly.</summary>
    public static bool IsBefore(ReadOnlySpan<char> text, int index)
    {
        var character = text[index];
        if (char.IsAscii(character))
        {
            return true;
        }

        if (char.IsSurrogate(character))
        {
            return !char.IsLowSurrogate(character) || index == 0 || !char.IsHighSurrogate(text[index - 1])
                ? IsStarter(text[index..])
                : false;
        }

        return !ComposesBackwards(character) && !IsMark(char.GetUnicodeCategory(character));
    }

    /// <summary>True for what .NET's normalisation does not accept: half a surrogate pair without the other half, and U+FFFE.</summary>
    public static bool IsRefused(ReadOnlySpan<char> text, int index) =>
        text[index] == '\uFFFE'
        || (char.IsSurrogate(text[index])
        && !(char.IsHighSurrogate(text[index]) && index + 1 < text.Length && char.IsLowSurrogate(text[index + 1]))
        && !(char.IsLowSurrogate(text[index]) && index > 0 && char.IsHighSurrogate(text[index - 1])));

    private static bool IsStarter(ReadOnlySpan<char> text) =>
        Rune.DecodeFromUtf16(text, out var rune, out _) != System.Buffers.OperationStatus.Done
        // Emoji and ideographs; the scripts in between have letters that compose.
        || rune.Value is (>= 0x1F000 and <= 0x1FAFF) or (>= 0x20000 and <= 0x323AF);

    private static bool IsMark(UnicodeCategory category) =>
        category is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark;

    /// <summary>Letters that are or decompose to conjoining Hangul vowels and finals, and the halfwidth Katakana voicing marks.</summary>
    private static bool ComposesBackwards(char character) =>
        character is (>= '\u1160' and <= '\u11FF') or (>= '\u3131' and <= '\u318E') or (>= '\uD7B0' and <= '\uD7FF') or (>= '\uFF9E' and <= '\uFFDC');
}
