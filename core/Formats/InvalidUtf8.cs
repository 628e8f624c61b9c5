using System.Buffers;

namespace Quiver.Core.Formats;

/// <summary>Describes bytes that are not UTF-8: where, and which encoding they may have.</summary>
internal static class InvalidUtf8
{
    // Texts in Latin letters have few others; in other scripts, whose encodings of 8 bits are many, most bytes are high.
    private const double MostHighBytes = 0.25;

    // The bytes that Windows-1252 leaves undefined.
    private static readonly SearchValues<byte> Undefined = SearchValues.Create((ReadOnlySpan<byte>)[0x81, 0x8D, 0x8F, 0x90, 0x9D]);

    /// <summary>A clause without a full stop, such as <c>the file is not UTF-8 (byte 30 of line 1); …</c>.</summary>
    /// <param name="what">The file or the record.</param>
    /// <param name="bytes">Its bytes, which are not valid UTF-8.</param>
    /// <param name="line">The 1-based line of the first byte.</param>
    public static string Describe(string what, ReadOnlySpan<byte> bytes, long line)
    {
        var (bad, isCut) = Utf8Faults.Find(bytes);
        var before = bytes[..bad];
        var start = before.LastIndexOf((byte)'\n') + 1;
        var remedy = isCut ? "it ends within a character and may be cut off"
            : MayBeWindows1252(bytes) ? "it may be Windows-1252: convert it, for example with iconv -f WINDOWS-1252 -t UTF-8 FILE"
            : "convert it from its encoding, for example with iconv -f ENCODING -t UTF-8 FILE";
        return FormattableString.Invariant($"the {what} is not UTF-8 (byte {bad - start} of line {line + before.Count((byte)'\n')}); {remedy}");
    }

    private static bool MayBeWindows1252(ReadOnlySpan<byte> bytes)
    {
        var high = 0;
        foreach (var value in bytes)
        {
            high += value >> 7;
        }

        return high <= bytes.Length * MostHighBytes && !bytes.ContainsAny(Undefined);
    }
}
