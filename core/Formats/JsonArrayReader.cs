using System.Runtime.CompilerServices;

namespace Quiver.Core.Formats;

/// <summary>A JSON array whose elements are the records, or a single object as the only record.</summary>
internal sealed class JsonArrayReader(RecordOptions options) : IRecordReader
{
    public async IAsyncEnumerable<FormatRecord> ReadAsync(
        Stream stream, RecordPosition from, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        if (from.State == RecordState.End)
        {
            yield break;
        }

        using var window = new ByteWindow(stream, from.Offset);
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

        var elements = new JsonArrayCutter(window, new JsonRecordParser(options), options.MaxDocumentBytes, from);
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            while (elements.TryCut(out var record))
            {
                yield return record;
                cancellationToken.ThrowIfCancellationRequested();
            }

            if (elements.HasEnded)
            {
                break;
            }

            await window.FillAsync(cancellationToken);
        }
    }
}
