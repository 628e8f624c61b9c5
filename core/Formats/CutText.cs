using System.Text;

namespace Quiver.Core.Formats;

/// <summary>Limits the length of values.</summary>
internal static class CutText
{
    /// <summary>The first <paramref name="maxCharacters"/> characters, or one less to keep a surrogate pair whole.</summary>
    public static string At(string text, int maxCharacters)
    {
        if (text.Length <= maxCharacters)
        {
            return text;
        }

        return char.IsHighSurrogate(text[maxCharacters - 1]) ? text[..(maxCharacters - 1)] : text[..maxCharacters];
    }

    /// <summary>Valid JSON without the white space between its tokens, cut off at <paramref name="maxCharacters"/>.</summary>
    public static string CompactJson(ReadOnlySpan<byte> json, int maxCharacters)
    {
        // A character takes at most four bytes, so bytes behind that cannot be part of the result.
        var kept = new byte[Math.Min(json.Length, maxCharacters * 4)];
        var (length, inString) = (0, false);
        for (var i = 0; i < json.Length && length < kept.Length; i++)
        {
            var c = json[i];
            if (!inString && c is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')
            {
                continue;
            }

            kept[length++] = c;
            if (c == (byte)'"')
            {
                inString = !inString;
            }
            else if (c == (byte)'\\' && length < kept.Length)
            {
                kept[length++] = json[++i];
            }
        }

        return At(Encoding.UTF8.GetString(kept, 0, length), maxCharacters);
    }
}
