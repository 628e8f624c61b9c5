using System.Buffers;

namespace Quiver.Core.Formats.Json;

/// <summary>Finds the end of a JSON value by its brackets and quotes alone, across any number of buffers. A new scanner begins before the value.</summary>
internal struct JsonElementScanner
{
    private static readonly SearchValues<byte> Structure = SearchValues.Create("\"{}[]"u8);
    private static readonly SearchValues<byte> Delimiters = SearchValues.Create(" \t\r\n,]}{[\""u8);
    private int _depth;
    private bool _started;
    private bool _inString;
    private bool _escaped;

    /// <summary>Continues at <paramref name="at"/>. True when the value ends before the new <paramref name="at"/>; false at the end of the bytes.</summary>
    public bool TryFindEnd(ReadOnlySpan<byte> bytes, ref int at)
    {
        while (at < bytes.Length)
        {
            if (_inString ? LeavesString(bytes, ref at) : LeavesValue(bytes, ref at))
            {
                return true;
            }
        }

        return false;
    }

    private bool LeavesString(ReadOnlySpan<byte> bytes, ref int at)
    {
        if (_escaped)
        {
            _escaped = false;
            at++;
            return false;
        }

        var next = bytes[at..].IndexOfAny((byte)'"', (byte)'\\');
        if (next < 0)
        {
            at = bytes.Length;
            return false;
        }

        at += next + 1;
        _escaped = bytes[at - 1] == (byte)'\\';
        _inString = _escaped;
        return !_inString && _depth == 0;
    }

    private bool LeavesValue(ReadOnlySpan<byte> bytes, ref int at)
    {
        // Outside of brackets a value is a run without delimiters; its first byte always belongs to it.
        var next = bytes[at..].IndexOfAny(_depth == 0 ? Delimiters : Structure);
        if (_depth == 0 && _started)
        {
            at = next < 0 ? bytes.Length : at + next;
            return next >= 0;
        }

        if (!_started && next != 0)
        {
            _started = true;
            at++;
            return false;
        }

        _started = true;
        if (next < 0)
        {
            at = bytes.Length;
            return false;
        }

        at += next + 1;
        switch (bytes[at - 1])
        {
            case (byte)'"':
                _inString = true;
                return false;
            case (byte)'{' or (byte)'[':
                _depth++;
                return false;
            default:
                _depth = Math.Max(0, _depth - 1);
                return _depth == 0;
        }
    }
}
