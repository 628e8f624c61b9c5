using System.Buffers.Binary;

namespace Quiver.Core.Formats;

/// <summary>Checks by a file's first bytes whether it can hold text at all.</summary>
internal static class FileHead
{
    private const string Unpack = "unpack it and ingest what it holds";
    private const string Convert = "convert it to text";
    private const string Exclude = "leave it out, for example with an exclude glob";

    private static readonly (byte[] Signature, string Name, string Remedy)[] Binaries =
    [
        ([0x1F, 0x8B], "gzip", Unpack),
        ([.. "PK\x03\x04"u8], "a ZIP archive, or an Office document or another format made of one", "unpack it or convert it to text"),
        ([.. "PK\x05\x06"u8], "an empty ZIP archive", Exclude),
        ([.. "%PDF-"u8], "a PDF document", Convert),
        ([0xD0, 0xCF, 0x11, 0xE0], "an Office document of the old format", Convert),
        ([0x37, 0x7A, 0xBC, 0xAF], "a 7z archive", Unpack),
        ([0xFD, 0x37, 0x7A, 0x58, 0x5A], "an xz archive", Unpack),
        ([0x28, 0xB5, 0x2F, 0xFD], "a Zstandard archive", Unpack),
        ([.. "Rar!\x1A"u8], "a RAR archive", Unpack),
        ([0x89, .. "PNG"u8], "a PNG image", Exclude),
        ([0xFF, 0xD8, 0xFF], "a JPEG image", Exclude),
        ([.. "GIF87a"u8], "a GIF image", Exclude),
        ([.. "GIF89a"u8], "a GIF image", Exclude),
        ([0x7F, .. "ELF"u8], "a program or library", Exclude),
        ([0xCF, 0xFA, 0xED, 0xFE], "a program or library", Exclude),
        ([0xCA, 0xFE, 0xBA, 0xBE], "a Java class or a program", Exclude),
        ([.. "wOFF"u8], "a font", Exclude),
        ([.. "wOF2"u8], "a font", Exclude),
        ([.. "SQLite format 3"u8], "a SQLite database", "export its tables as JSON Lines"),
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
            return (ErrorCodes.InvalidUtf8, "the file begins with the byte order mark of UTF-16 or UTF-32; convert it, for example with iconv -f UTF-16 -t UTF-8 FILE");
        }

        foreach (var (signature, name, remedy) in Binaries)
        {
            if (head.StartsWith(signature))
            {
                return (ErrorCodes.BinaryFile, $"the file is {name}: {remedy}");
            }
        }

        var nul = head.IndexOf((byte)0);
        return nul < 0 ? null : (ErrorCodes.BinaryFile, FormattableString.Invariant($"the file is binary, for its byte {nul} is NUL: {Exclude}"));
    }
}
