using System.Buffers;

namespace Quiver.Pipeline.Embedding.Tokenization;

/// <summary>A sliding window over a text's normal form, led by the word mark, that knows where in the text each place comes from.</summary>
internal ref struct NormalizedText
{
    private const int NoOrigin = -1;
    private const int InitialCapacity = 2048;

    private readonly int _length;
    private NfkcReader _reader;
    private char[] _characters;
    private int[] _origins;
    private int _head;
    private int _tail;
    private bool _ended;

    /// <summary>Starts before the word mark.</summary>
    public NormalizedText(ReadOnlySpan<char> text, char wordMark)
    {
        _length = text.Length;
        _reader = new NfkcReader(text);
        _characters = ArrayPool<char>.Shared.Rent(InitialCapacity);
        _origins = ArrayPool<int>.Shared.Rent(InitialCapacity);
        _characters[0] = wordMark;
        _origins[0] = NoOrigin;
        _tail = 1;
    }

    /// <summary>What comes next; after <see cref="Require"/> at least as much as asked for, unless the text ends before.</summary>
    public readonly ReadOnlySpan<char> Rest => _characters.AsSpan(_head, _tail - _head);

    /// <summary>The length of the prefix of the text that ends here, or a number below 1 where none does.</summary>
    public readonly int Origin => _head < _tail ? _origins[_head] : _ended ? _length : NoOrigin;

    /// <summary>Reads on until <paramref name="count"/> characters are there.</summary>
    /// <returns>False at the end of the text.</returns>
    public bool Require(int count)
    {
        while (_tail - _head < count && !_ended)
        {
            if (_reader.TryRead(out var segment, out var start, out var end, out var unchanged))
            {
                Append(segment, start, unchanged);
            }
            else
            {
                _ended = true;
            }
        }

        return _head < _tail;
    }

    /// <summary>Moves on.</summary>
    public void Advance(int count) => _head += count;

    /// <summary>Gives the buffers back.</summary>
    public readonly void Dispose()
    {
        ArrayPool<char>.Shared.Return(_characters);
        ArrayPool<int>.Shared.Return(_origins);
    }

    private void Append(ReadOnlySpan<char> segment, int start, bool unchanged)
    {
        if (_tail + segment.Length > Math.Min(_characters.Length, _origins.Length))
        {
            MakeRoom(segment.Length);
        }

        segment.CopyTo(_characters.AsSpan(_tail));
        var origins = _origins.AsSpan(_tail, segment.Length);
        if (unchanged)
        {
            for (var i = 0; i < origins.Length; i++)
            {
                origins[i] = start + i;
            }
        }
        else
        {
            origins.Fill(NoOrigin);
            origins[0] = start;
        }

        _tail += segment.Length;
    }

    private void MakeRoom(int count)
    {
        var kept = _tail - _head;
        var (characters, origins) = (_characters, _origins);
        if (kept + count > Math.Min(characters.Length, origins.Length))
        {
            _characters = ArrayPool<char>.Shared.Rent(kept + count);
            _origins = ArrayPool<int>.Shared.Rent(kept + count);
        }

        characters.AsSpan(_head, kept).CopyTo(_characters);
        origins.AsSpan(_head, kept).CopyTo(_origins);
        (_head, _tail) = (0, kept);
        if (_characters != characters)
        {
            ArrayPool<char>.Shared.Return(characters);
            ArrayPool<int>.Shared.Return(origins);
        }
    }
}
