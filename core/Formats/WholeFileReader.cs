using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Unicode;

namespace Quiver.Core.Formats;

/// <summary>Formats whose file is one document.</summary>
internal sealed class WholeFileReader(RecordOptions options) : IRecordReader
{
    public async IAsyncEnumerable<FormatRecord> ReadAsync(
        Stream stream, RecordPosition from, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        if (!from.IsStart)
        {
            yield break;
        }

        using var window = new ByteWindow(stream, from.Offset);
        await window.FillToAsync(RecordConstants.HeadBytes, cancellationToken);
        if (FileHead.Judge(window.Unread) is { } head)
        {
            yield return Fault(stream, window, head.Code, head.Reason, hidesOthers: false);
            yield break;
        }

        var limit = options.MaxDocumentBytes + FileHead.MarkLength(window.Unread);
        await window.FillToAsync(limit + 1, cancellationToken);
        if (window.Unread.Length > limit)
        {
            var bytes = await LengthAsync(stream, window, cancellationToken);
            var reason = string.Create(CultureInfo.InvariantCulture, $"the file has {bytes} bytes; at most {options.MaxDocumentBytes} are allowed");
            yield return Span(bytes).Fault(ErrorCodes.DocumentTooLarge, reason, hidesOthers: false, isWholeFile: true);
            yield break;
        }

        yield return Read(window.Unread);
    }

    /// <summary>A fault that takes the place of everything in the file; it hides others where a file may hold many records.</summary>
    public static FormatRecord Fault(Stream stream, ByteWindow window, string code, string reason, bool hidesOthers) =>
        Span(stream.CanSeek ? stream.Length : window.Offset + window.Unread.Length).Fault(code, reason, hidesOthers, isWholeFile: true);

    private static FormatRecord Read(ReadOnlySpan<byte> file)
    {
        var text = file[FileHead.MarkLength(file)..];
        var span = Span(file.Length);
        if (Utf8.IsValid(text))
        {
            var decoded = Encoding.UTF8.GetString(text);
            return string.IsNullOrWhiteSpace(decoded)
                ? span.Fault(ErrorCodes.EmptyDocument, "the file holds no text", hidesOthers: false, isWholeFile: true)
                : span.Document(new ParsedRecord(null, decoded, []), isWholeFile: true);
        }

        var bad = InvalidUtf8At(text);
        var place = string.Create(
            CultureInfo.InvariantCulture, $"the file is not UTF-8 from byte {file.Length - text.Length + bad} in line {1 + text[..bad].Count((byte)'\n')} on");
        return span.Fault(ErrorCodes.InvalidUtf8, place, hidesOthers: false, isWholeFile: true);
    }

    private static int InvalidUtf8At(ReadOnlySpan<byte> text)
    {
        var at = 0;
        while (at < text.Length && Rune.DecodeFromUtf8(text[at..], out _, out var length) == System.Buffers.OperationStatus.Done)
        {
            at += length;
        }

        return at;
    }

    private static RecordSpan Span(long bytes) => new(0, 1, 0, bytes, new RecordPosition(bytes, 1, 1, RecordState.End));

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
