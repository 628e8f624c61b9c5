using System.Security.Cryptography;
using System.Text;

namespace Quiver.Adapters.Storage.Postgres;

/// <summary>
/// Encodes text for PostgreSQL, which cannot store NUL: U+0000 becomes U+0001 U+0001, and U+0001 becomes U+0001 U+0002. The encoding keeps the
/// order of texts and is reversible. An unpaired surrogate becomes U+FFFD, as in all UTF-8 text.
/// </summary>
internal static class LedgerText
{
    /// <summary>Maximum UTF-8 bytes of a key; an index entry holds at most 2,704.</summary>
    public const int MaxKeyBytes = 2000;

    private const int DigestCharacters = 64;
    private const int MarkBytes = 2;
    private const char Escape = '\u0001';
    private const char EscapedNul = '\u0001';
    private const char EscapedEscape = '\u0002';
    private const char DigestFollows = '\u0003';

    /// <summary>The stored form.</summary>
    public static string Encode(string text)
    {
        if (!NeedsEscape(text))
        {
            return text;
        }

        var result = new StringBuilder(text.Length + 8);
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value == 0)
            {
                result.Append(Escape).Append(EscapedNul);
            }
            else if (rune.Value == Escape)
            {
                result.Append(Escape).Append(EscapedEscape);
            }
            else
            {
                result.Append(rune.ToString());
            }
        }

        return result.ToString();
    }

    /// <summary>The text of a stored form.</summary>
    public static string Decode(string stored)
    {
        if (!stored.Contains(Escape, StringComparison.Ordinal))
        {
            return stored;
        }

        var result = new StringBuilder(stored.Length);
        for (var at = 0; at < stored.Length; at++)
        {
            result.Append(stored[at] != Escape ? stored[at] : stored[++at] == EscapedNul ? '\0' : Escape);
        }

        return result.ToString();
    }

    /// <summary>
    /// The index key of a text: its stored form or, where that is too long, its beginning and a digest of the whole. Keys of equal texts are
    /// equal; keys sort as the texts do, except texts that share a long beginning.
    /// </summary>
    /// <param name="text">The text.</param>
    /// <param name="full">The stored form when it differs from the key; otherwise null.</param>
    public static string Key(string text, out string? full)
    {
        var stored = Encode(text);
        full = null;
        if (stored.Length <= MaxKeyBytes / 3 || Encoding.UTF8.GetByteCount(stored) <= MaxKeyBytes)
        {
            return stored;
        }

        full = stored;
        return string.Concat(
            Beginning(stored, MaxKeyBytes - DigestCharacters - MarkBytes),
            [Escape, DigestFollows],
            Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(stored))));
    }

    private static bool NeedsEscape(string text) =>
        text.AsSpan().IndexOfAnyInRange('\0', Escape) >= 0 || text.AsSpan().IndexOfAnyInRange('\uD800', '\uDFFF') >= 0;

    private static ReadOnlySpan<char> Beginning(string text, int bytes)
    {
        var characters = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            bytes -= rune.Utf8SequenceLength;
            if (bytes < 0)
            {
                break;
            }

            characters += rune.Utf16SequenceLength;
        }

        return text.AsSpan(0, characters);
    }
}
