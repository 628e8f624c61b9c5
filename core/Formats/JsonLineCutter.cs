using System.Globalization;

namespace Quiver.Core.Formats;

/// <summary>Cuts the lines off a window, passing over too long ones without holding them.</summary>
internal sealed class JsonLineCutter(ByteWindow window, JsonRecordParser parser, int maxBytes, RecordPosition from)
{
    private long _index = from.Index;
    private long _line = from.Line;
    private int _scanned;
    private long _dropped;

    /// <summary>Whether any line was not blank.</summary>
    public bool HasRecords => _index > from.Index;

    /// <summary>
    /// False when the window must be filled, or has ended and is used up. The record is null for a blank line.
    /// </summary>
    public bool TryCut(out FormatRecord? record)
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
        // One byte more than the limit may still be the carriage return of a line that fits.
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

    private FormatRecord? Cut(ReadOnlySpan<byte> line, int breakBytes)
    {
        var offset = window.Offset - _dropped;
        var all = _dropped + line.Length + breakBytes;
        var next = new RecordPosition(offset + all, _index + 1, _line + breakBytes);
        var span = new RecordSpan(_index, _line, offset, all, next);
        var content = line.TrimEnd((byte)'\r');
        var record = Judge(span, content, _dropped + content.Length);
        window.Advance(line.Length + breakBytes);
        (_scanned, _dropped) = (0, 0);
        _line += breakBytes;
        if (record is not null)
        {
            _index++;
        }

        return record;
    }

    private FormatRecord? Judge(RecordSpan span, ReadOnlySpan<byte> content, long bytes)
    {
        if (bytes > maxBytes)
        {
            return span.Fault(
                ErrorCodes.DocumentTooLarge,
                string.Create(CultureInfo.InvariantCulture, $"the record has {bytes} bytes; at most {maxBytes} are allowed"),
                hidesOthers: true,
                isLine: true);
        }

        return content.Trim(" \t\r"u8).IsEmpty ? null : span.Document(parser.Parse(content), isLine: true);
    }
}
