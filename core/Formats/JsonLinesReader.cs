using System.Runtime.CompilerServices;

namespace Quiver.Core.Formats;

/// <summary>JSON Lines: each line that is not blank is a record.</summary>
internal sealed class JsonLinesReader(RecordOptions options) : IRecordReader
{
    public async IAsyncEnumerable<FormatRecord> ReadAsync(
        Stream stream, RecordPosition from, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var window = new ByteWindow(stream, from.Offset);
        var lines = new JsonLineCutter(window, new JsonRecordParser(options), options.MaxDocumentBytes, from);
        if (from.IsStart)
        {
            await window.FillToAsync(RecordConstants.HeadBytes, cancellationToken);
            if (FileHead.Judge(window.Unread) is { } fault)
            {
                yield return WholeFileReader.Fault(stream, window, fault.Code, fault.Reason, hidesOthers: true);
                yield break;
            }

            window.Advance(FileHead.MarkLength(window.Unread));
        }

        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            while (lines.TryCut(out var record))
            {
                if (record is null)
                {
                    continue;
                }

                yield return record;
                cancellationToken.ThrowIfCancellationRequested();
            }

            if (window.IsAtEnd)
            {
                break;
            }

            await window.FillAsync(cancellationToken);
        }

        if (from.IsStart && !lines.HasRecords)
        {
            yield return WholeFileReader.Fault(stream, window, ErrorCodes.EmptyDocument, "the file holds no records", hidesOthers: true);
        }
    }
}
