using System.Runtime.CompilerServices;

namespace Quiver.Core.Formats.Json;

/// <summary>Reads JSON Lines: each line that is not blank is a record.</summary>
internal sealed class JsonLinesReader(RecordOptions options) : IRecordReader
{
    public async IAsyncEnumerable<Record> ReadAsync(Stream stream, RecordCursor from, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var window = new ByteWindow(stream, from.Offset);
        var lines = new JsonLineCutter(window, new JsonRecordParser(options), options.MaxDocumentBytes, from);
        if (from.IsStart && await FileHead.ReadAsync(stream, window, hidesOthers: true, cancellationToken) is { } fault)
        {
            yield return fault;
            yield break;
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
            yield return FileHead.WholeFile(stream, window).WithFault(ErrorCodes.EmptyDocument, "the file holds no records", hidesOthers: true);
        }
    }
}

/// <summary>Cuts lines off a window; drops a line that is too long without holding it.</summary>
internal sealed class JsonLineCutter(ByteWindow window, JsonRecordParser parser, int maxBytes, RecordCursor from)
{
    private long _index = from.Index;
    private long _line = from.Line;
    private int _scanned;
    private long _dropped;

    /// <summary>Whether any line was not blank.</summary>
    public bool HasRecords => _index > from.Index;

    /// <summary>Cuts the next line; the record is null for a blank one. False when the window must be filled, or the file has ended.</summary>
    public bool TryCut(out Record? record)
    {
        record = null;
        var unread = window.Unread;
        var newline = unread[_scanned..].IndexOf((byte)'\n');
        if (newline >= 0)
        {
            record = Cut(unread[..(_scanned + newline)], breakBytes: 1);
            return true;
        }

        _scanned = unread.Length;

        // One byte above the limit may still be the carriage return of a line that fits.
        if (unread.Length > maxBytes + 1L)
        {
            _dropped += unread.Length;
            window.Advance(unread.Length);
            _scanned = 0;
        }

        if (!window.IsAtEnd || (window.Unread.IsEmpty && _dropped == 0))
        {
            return false;
        }

        record = Cut(window.Unread, breakBytes: 0);
        return true;
    }

    private Record? Cut(ReadOnlySpan<byte> line, int breakBytes)
    {
        var content = line.TrimEnd((byte)'\r');
        var record = Parse(content, _dropped + content.Length, _dropped + line.Length + breakBytes, breakBytes);
        window.Advance(line.Length + breakBytes);
        (_scanned, _dropped) = (0, 0);
        _line += breakBytes;
        if (record is not null)
        {
            _index++;
        }

        return record;
    }

    private Record? Parse(ReadOnlySpan<byte> content, long contentBytes, long bytes, int breakBytes)
    {
        var isTooLarge = contentBytes > maxBytes;
        if (!isTooLarge && content.Trim(" \t\r"u8).IsEmpty)
        {
            return null;
        }

        var offset = window.Offset - _dropped;
        var record = new Record
        {
            Index = _index,
            Line = _line,
            Offset = offset,
            Bytes = bytes,
            Next = new(offset + bytes, _index + 1, _line + breakBytes),
            IsLine = true,
        };
        return isTooLarge ? record.TooLarge(contentBytes, maxBytes) : parser.Parse(content, record);
    }
}
