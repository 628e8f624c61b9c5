using System.Buffers;
using System.Globalization;
using System.Text;

namespace Quiver.Cli.Output;

/// <summary>
/// Makes text from documents, ids and messages safe to print: a control character could move the cursor, change colours, or write the terminal's clipboard.
/// </summary>
internal static class TerminalText
{
    // Besides C0, DEL and C1: line separators, and marks that reorder what is shown.
    private static readonly SearchValues<char> Controls = SearchValues.Create((char[])
        [
            .. Enumerable.Range(0, 0x20).Concat(Enumerable.Range(0x7F, 0x21)).Select(static code => (char)code),
            '\u061C', '\u200E', '\u200F', '\u2028', '\u2029', '\u202A', '\u202B', '\u202C', '\u202D', '\u202E', '\u2066', '\u2067', '\u2068', '\u2069',
        ]);

    /// <summary>The text with each control character as the escape sequence that JSON has for it.</summary>
    public static string Escape(string text)
    {
        if (!text.AsSpan().ContainsAny(Controls))
        {
            return text;
        }

        var escaped = new StringBuilder(text.Length + 16);
        foreach (var character in text)
        {
            _ = !Controls.Contains(character) ? escaped.Append(character) : character switch
            {
                '\n' => escaped.Append("\\n"),
                '\r' => escaped.Append("\\r"),
                '\t' => escaped.Append("\\t"),
                _ => escaped.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}"),
            };
        }

        return escaped.ToString();
    }
}
