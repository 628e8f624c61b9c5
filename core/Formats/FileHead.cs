using System.Buffers.Binary;

namespace Quiver.Core.Formats;

/// <summary>Checks by a file's first bytes whether it can hold text at all.</summary>
internal static class FileHead
{
    private static readonly byte[][] BinarySignatures =
    [
        [0x89, .. "PNG"u8], [0xFF, 0xD8, 0xFF], [.. "GIF87a"u8], [.. "GIF89a"u8], [.. "PK\x03\x04"u8], [.. "PK\x05\x06"u8], [0x1F, 0x8B], [0x7F, .. "ELF"u8],
        [.. "%PDF-"u8], [0x37, 0x7A, 0xBC, 0xAF], [0xFD, 0x37, 0x7A, 0x58, 0x5A], [0x28, 0xB5, 0x2F, 0xFD], [.. "Rar!\x1A"u8],
        [0xCA, 0xFE, 0xBA, 0xBE], [0xCF, 0xFA, 0xED, 0xFE], [0xD0, 0xCF, 0x11, 0xE0], [.. "wOFF"u8], [.. "wOF2"u8], [.. "SQLite format 3"u8],
    ];

    /// <summary>Reads a file's head and consumes its byte order mark. Returns a fault for the whole file when it holds no UTF-8 text.</summary>
    public static async ValueTask<Record?> ReadAsync(Stream stream, ByteWindow window, bool hidesOthers, CancellationToken cancellationToken)
    {
        await window.FillToAsync(RecordConstants.HeadBytes, cancellationToken);
        if (FindFault(window.Unread) is { } fault)
        {
            return WholeFile(stream, window).WithFault(fault.Code, fault.Reason, hidesOthers);
        }

        window.Advance(window.Unread.StartsWith("\uFEFF"u8) ? 3 : 0);
        return null;
    }

    /// <summary>The record that is the whole file; its size is what was read so far when the stream has no length.</summary>
    public static Record WholeFile(Stream stream, ByteWindow window) => Record.WholeFile(stream.CanSeek ? stream.Length : window.Offset + window.Unread.Length);

    private static (string Code, string Reason)? FindFault(ReadOnlySpan<byte> head)
    {
        head = head[..Math.Min(head.Length, RecordConstants.HeadBytes)];
        if (head.Length >= 2 && BinaryPrimitives.ReadUInt16LittleEndian(head) is 0xFEFF or 0xFFFE)
        {
            return (ErrorCodes.InvalidUtf8, "the file begins with the byte order mark of UTF-16 or UTF-32; convert it to UTF-8");
        }

        foreach (var signature in BinarySignatures)
        {
            if (head.StartsWith(signature))
            {
                return (ErrorCodes.BinaryFile, "the file begins like a binary format");
            }
        }

        var nul = head.IndexOf((byte)0);
        return nul < 0 ? null : (ErrorCodes.BinaryFile, FormattableString.Invariant($"the file is binary: byte {nul} is NUL"));
    }
}
