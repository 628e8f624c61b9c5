using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Unicode;

namespace Quiver.Core.Formats.Text;

/// <summary>Reads a file as one document of UTF-8 text.</summary>
internal sealed class WholeFileReader(RecordOptions options) : IRecordReader
{
    public async IAsyncEnumerable<Record> ReadAsync(Stream stream, RecordCursor from, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        if (!from.IsStart)
        {
            yield break;
        }

        using var window = new ByteWindow(stream, from.Offset);
        if (await FileHead.ReadAsync(stream, window, hidesOthers: false, cancellationToken) is { } fault)
        {
            yield return fault;
            yield break;
        }

        await window.FillToAsync(options.MaxDocumentBytes + 1, cancellationToken);
        if (window.Unread.Length > options.MaxDocumentBytes)
        {
            var bytes = await LengthAsync(stream, window, cancellationToken);
            var reason = string.Create(CultureInfo.InvariantCulture, $"the file has {bytes} bytes; at most {options.MaxDocumentBytes} are allowed: raise --max-document-bytes (in JSON source.maxDocumentBytes), or split it");
            yield return Record.WholeFile(bytes).WithFault(ErrorCodes.DocumentTooLarge, reason);
            yield break;
        }

        yield return Decode(window.Unread, window.Offset);
    }

    /// <summary>The document of a file's text, which begins at an offset.</summary>
    private static Record Decode(ReadOnlySpan<byte> text, long offset)
    {
        var record = Record.WholeFile(offset + text.Length);
        if (Utf8.IsValid(text))
        {
            var decoded = Encoding.UTF8.GetString(text);
            return string.IsNullOrWhiteSpace(decoded)
                ? record.WithFault(ErrorCodes.EmptyDocument, "the file holds no text")
                : record with { Text = decoded };
        }

        return record.WithFault(ErrorCodes.InvalidUtf8, InvalidUtf8.Describe("file", text, line: 1));
    }

    private static async Task<long> LengthAsync(Stream stream, ByteWindow window, CancellationToken cancellationToken)
    {
        if (stream.CanSeek)
        {
            return stream.Length;
        }

        do
        {
            window.Advance(window.Unread.Length);
        }
        while (await window.FillAsync(cancellationToken));
        return window.Offset;
    }
}
