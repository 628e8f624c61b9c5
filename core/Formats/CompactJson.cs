using System.Text;

namespace Quiver.Core.Formats;

/// <summary>Valid JSON without the white space between its tokens.</summary>
internal static class CompactJson
{
    /// <summary>The text of a value, cut off at <paramref name="maxCharacters"/>.</summary>
    public static string Write(ReadOnlySpan<byte> json, int maxCharacters)
    {
        // A character takes at most four bytes, so that what lies behind cannot be part of the result.
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

        return CutText.At(Encoding.UTF8.GetString(kept, 0, length), maxCharacters);
    }
}
