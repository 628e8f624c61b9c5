using System.Buffers.Binary;

namespace Quiver.Core.Formats;

/// <summary>Tells by a file's first bytes whether it can hold text at all.</summary>
internal static class FileHead
{
    private static readonly byte[][] Magic =
    [
        [0x89, (byte)'P', (byte)'N', (byte)'G'], [0xFF, 0xD8, 0xFF], [.. "GIF87a"u8], [.. "GIF89a"u8], [(byte)'P', (byte)'K', 3, 4], [(byte)'P', (byte)'K', 5, 6],
        [0x1F, 0x8B], [0x7F, (byte)'E', (byte)'L', (byte)'F'], [.. "%PDF-"u8], [0x37, 0x7A, 0xBC, 0xAF], [0xFD, 0x37, 0x7A, 0x58, 0x5A], [0x28, 0xB5, 0x2F, 0xFD],
        [.. "Rar!\x1A"u8], [0xCA, 0xFE, 0xBA, 0xBE], [0xCF, 0xFA, 0xED, 0xFE], [0xD0, 0xCF, 0x11, 0xE0], [.. "wOFF"u8], [.. "wOF2"u8], [.. "SQLite format 3"u8],
    ];

    /// <summary>What is wrong with the file, as a code and a reason; null when nothing is.</summary>
    /// <param name="head">Its first bytes, <see cref="RecordConstants.HeadBytes"/> where it has them.</param>
    public static (string Code, string Reason)? Judge(ReadOnlySpan<byte> head)
    {
        head = head[..Math.Min(head.Length, RecordConstants.HeadBytes)];
        if (head.Length >= 2 && BinaryPrimitives.ReadUInt16LittleEndian(head) is 0xFEFF or 0xFFFE)
        {
            return (ErrorCodes.InvalidUtf8, "the file begins with the byte order mark of UTF-16 or UTF-32; convert it to UTF-8");
        }

        foreach (var magic in Magic)
        {
            if (head.StartsWith(magic))
            {
                return (ErrorCodes.BinaryFile, "the file begins like a binary format");
            }
        }

        var nul = head.IndexOf((byte)0);
        return nul < 0 ? null : (ErrorCodes.BinaryFile, FormattableString.Invariant($"the file is binary: byte {nul} is NUL"));
    }

    /// <summary>The length of the UTF-8 byte order mark at the beginning: 0 or 3.</summary>
    public static int MarkLength(ReadOnlySpan<byte> head) => head.StartsWith("\uFEFF"u8) ? 3 : 0;
}
