using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Quiver.Core.Formats;

/// <summary>
/// Cuts the elements of an array off a window, passing over too long ones without holding them. What is wrong inside an element or between
/// two stays there as long as brackets and quotes balance; otherwise one last fault says from where on the file was not read.
/// </summary>
internal sealed class JsonArrayCutter
{
    private readonly ByteWindow _window;
    private readonly JsonRecordParser _parser;
    private readonly int _maxBytes;
    private Step _step;
    private long _index;
    private long _line;
    private bool _single;
    private JsonElementScanner _scanner;
    private int _scanned;
    private long _dropped;
    private (long Offset, long Line) _element;

    public JsonArrayCutter(ByteWindow window, JsonRecordParser parser, int maxBytes, RecordPosition from)
    {
        _window = window;
        _parser = parser;
        _maxBytes = maxBytes;
        (_index, _line) = (from.Index, from.Line);
        _step = from.IsStart ? Step.Document : from.State switch
        {
            RecordState.ValueExpected => Step.Value,
            RecordState.Tail => Step.Tail,
            RecordState.End => Step.Ended,
            _ => Step.Separator,
        };
    }

    private enum Step
    {
        Document = 1,
        FirstValue = 2,
        Value = 3,
        Separator = 4,
        Inside = 5,
        Tail = 6,
        Ended = 7,
    }

    public bool HasEnded => _step == Step.Ended;

    /// <summary>False when the window must be filled, or everything was cut.</summary>
    public bool TryCut([NotNullWhen(true)] out FormatRecord? record)
    {
        record = null;
        while (record is null && _step != Step.Ended)
        {
            if (_step == Step.Inside)
            {
                if (!TryCutElement(out record))
                {
                    return false;
                }

                continue;
            }

            SkipWhiteSpace();
            if (_window.Unread.IsEmpty)
            {
                if (!_window.IsAtEnd)
                {
                    return false;
                }

                record = EndOfFile();
                continue;
            }

            record = Take(_window.Unread[0]);
        }

        return record is not null;
    }

    private FormatRecord? Take(byte next)
    {
        switch (_step, next)
        {
            case (Step.Document, (byte)'['):
                return Go(Step.FirstValue, consumed: 1);
            case (Step.Document, (byte)'{'):
                _single = true;
                return Begin();
            case (Step.Document, _):
                return Last("the file begins with neither '[' nor '{'; nothing of it was read");
            case (Step.FirstValue or Step.Separator, (byte)']'):
                return Go(Step.Tail, consumed: 1);
            case (Step.Separator, (byte)','):
                return Go(Step.Value, consumed: 1);
            case (Step.Separator, (byte)'{' or (byte)'[' or (byte)'"'):
                return Gap("a comma is missing before this element", Step.Value);
            case (Step.FirstValue or Step.Value, (byte)',') or (Step.Value, (byte)']'):
                return Gap("an element is missing before this place", Step.Separator);
            case (Step.Tail, _):
                return Last("what follows the end of the JSON value was not read; a file with one object a line is JSON Lines");
            default:
                return Begin();
        }
    }

    private FormatRecord? EndOfFile()
    {
        switch (_step)
        {
            case Step.Document:
                _step = Step.Ended;
                return Place(_window.Offset, 0, RecordState.End).Fault(ErrorCodes.EmptyDocument, "the file holds no records", hidesOthers: true, isWholeFile: true);
            case Step.Tail:
                _step = Step.Ended;
                return null;
            default:
                return Last("the file ends here without the closing ']' of the array");
        }
    }

    private bool TryCutElement(out FormatRecord? record)
    {
        record = null;
        var unread = _window.Unread;
        if (!_scanner.TryFindEnd(unread, ref _scanned))
        {
            if (unread.Length > _maxBytes)
            {
                _dropped += unread.Length;
                Consume(unread.Length);
                _scanned = 0;
            }

            if (!_window.IsAtEnd)
            {
                return false;
            }

            (_step, var whole) = (Step.Ended, _window.Offset + _window.Unread.Length - _element.Offset);
            record = Element(whole, RecordState.End).Fault(
                ErrorCodes.MalformedRecord, "the value that begins here does not end before the file does; the rest of the file was not read", hidesOthers: true);
            return true;
        }

        var bytes = _dropped + _scanned;
        var parsed = bytes > _maxBytes ? TooLarge(bytes) : _parser.Parse(unread[.._scanned]);
        Consume(_scanned);
        record = Element(bytes, _single ? RecordState.Tail : RecordState.Between).Document(parsed);
        _step = _single ? Step.Tail : Step.Separator;
        return true;
    }

    private ParsedRecord TooLarge(long bytes) => new(
        null, "", [], ErrorCodes.DocumentTooLarge, string.Create(CultureInfo.InvariantCulture, $"the record has {bytes} bytes; at most {_maxBytes} are allowed"), HidesOthers: true);

    private FormatRecord? Begin()
    {
        _step = Step.Inside;
        _element = (_window.Offset, _line);
        _scanner = default;
        (_scanned, _dropped) = (0, 0);
        return null;
    }

    private FormatRecord? Go(Step step, int consumed)
    {
        Consume(consumed);
        _step = step;
        return null;
    }

    private FormatRecord Gap(string reason, Step step)
    {
        _step = step;
        return Place(_window.Offset, 0, step == Step.Value ? RecordState.ValueExpected : RecordState.Between).Fault(ErrorCodes.MalformedRecord, reason, hidesOthers: true);
    }

    private FormatRecord Last(string reason)
    {
        _step = Step.Ended;
        return Place(_window.Offset, 0, RecordState.End).Fault(ErrorCodes.MalformedRecord, reason, hidesOthers: true);
    }

    private RecordSpan Place(long offset, long bytes, RecordState state) =>
        new(_index, _line, offset, bytes, new RecordPosition(offset, ++_index, _line, state));

    private RecordSpan Element(long bytes, RecordState state) =>
        new(_index, _element.Line, _element.Offset, bytes, new RecordPosition(_element.Offset + bytes, ++_index, _line, state));

    private void SkipWhiteSpace()
    {
        var unread = _window.Unread;
        var first = unread.IndexOfAnyExcept(" \t\r\n"u8);
        Consume(first < 0 ? unread.Length : first);
    }

    private void Consume(int bytes)
    {
        _line += _window.Unread[..bytes].Count((byte)'\n');
        _window.Advance(bytes);
    }
}
