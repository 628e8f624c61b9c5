using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Quiver.Core.Formats.Json;

/// <summary>Reads a JSON array whose elements are the records, or a single object as the only record.</summary>
internal sealed class JsonArrayReader(RecordOptions options) : IRecordReader
{
    public async IAsyncEnumerable<Record> ReadAsync(Stream stream, RecordCursor from, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        if (from.State == RecordState.End)
        {
            yield break;
        }

        using var window = new ByteWindow(stream, from.Offset);
        if (from.IsStart && await FileHead.ReadAsync(stream, window, hidesOthers: true, cancellationToken) is { } fault)
        {
            yield return fault;
            yield break;
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

/// <summary>
/// Cuts the elements of an array off a window; drops an element that is too long without holding it. An error inside an element or between
/// two affects nothing else as long as brackets and quotes balance; otherwise one last fault names the byte from which the file was not read.
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

    public JsonArrayCutter(ByteWindow window, JsonRecordParser parser, int maxBytes, RecordCursor from)
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
    public bool TryCut([NotNullWhen(true)] out Record? record)
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

    private Record? Take(byte next)
    {
        switch (_step, next)
        {
            case (Step.Document, (byte)'['):
                return Go(Step.FirstValue, consumed: 1);
            case (Step.Document, (byte)'{'):
                _single = true;
                return Begin();
            case (Step.Document, _):
                return Last("the file begins with neither '[' nor '{'; nothing of it was read: correct it, or name its format with --format (in JSON format)");
            case (Step.FirstValue or Step.Separator, (byte)']'):
                return Go(Step.Tail, consumed: 1);
            case (Step.Separator, (byte)','):
                return Go(Step.Value, consumed: 1);
            case (Step.Separator, (byte)'{' or (byte)'[' or (byte)'"'):
                return Gap("a comma is missing before this element: add it", Step.Value);
            case (Step.FirstValue or Step.Value, (byte)',') or (Step.Value, (byte)']'):
                return Gap("an element is missing before this place: remove the comma or add the element", Step.Separator);
            case (Step.Tail, _):
                return Last("what follows the end of the JSON value was not read; a file with one object a line is JSON Lines");
            default:
                return Begin();
        }
    }

    private Record? EndOfFile()
    {
        switch (_step)
        {
            case Step.Document:
                _step = Step.Ended;
                return (At(RecordState.End) with { IsWholeFile = true }).WithFault(ErrorCodes.EmptyDocument, "the file holds no records", hidesOthers: true);
            case Step.Tail:
                _step = Step.Ended;
                return null;
            default:
                return Last("the file ends here without the closing ']' of the array: it may be cut off");
        }
    }

    private bool TryCutElement(out Record? record)
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
            record = Element(whole, RecordState.End).WithFault(
                ErrorCodes.MalformedRecord, "the value that begins here does not end before the file does; the rest of the file was not read: close its brackets and quotes", hidesOthers: true);
            return true;
        }

        var bytes = _dropped + _scanned;

        // Consumed bytes stay in the window until it is filled.
        Consume(_scanned);
        var element = Element(bytes, _single ? RecordState.Tail : RecordState.Between);
        record = bytes > _maxBytes
            ? element.TooLarge(bytes, _maxBytes)
            : _parser.Parse(unread[.._scanned], element);
        _step = _single ? Step.Tail : Step.Separator;
        return true;
    }

    private Record? Begin()
    {
        _step = Step.Inside;
        _element = (_window.Offset, _line);
        _scanner = default;
        (_scanned, _dropped) = (0, 0);
        return null;
    }

    private Record? Go(Step step, int consumed)
    {
        Consume(consumed);
        _step = step;
        return null;
    }

    private Record Gap(string reason, Step step)
    {
        _step = step;
        return At(step == Step.Value ? RecordState.ValueExpected : RecordState.Between).WithFault(ErrorCodes.MalformedRecord, reason, hidesOthers: true);
    }

    private Record Last(string reason)
    {
        _step = Step.Ended;
        return At(RecordState.End).WithFault(ErrorCodes.MalformedRecord, reason, hidesOthers: true);
    }

    /// <summary>A record without bytes at the window's offset.</summary>
    private Record At(RecordState state) => Create(_window.Offset, _line, 0, state);

    private Record Element(long bytes, RecordState state) => Create(_element.Offset, _element.Line, bytes, state);

    private Record Create(long offset, long line, long bytes, RecordState state) =>
        new() { Index = _index, Line = line, Offset = offset, Bytes = bytes, Next = new(offset + bytes, ++_index, _line, state) };

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
