using System.Numerics;

namespace Quiver.Adapters.Vectors.Embedded;

/// <summary>A set of slots, one bit each.</summary>
internal sealed class SlotSet(int capacity)
{
    private ulong[] _words = new ulong[(capacity + 63) / 64];

    public int Count { get; private set; }

    public bool Contains(int slot) => slot >> 6 < _words.Length && (_words[slot >> 6] & (1UL << slot)) != 0;

    public void Add(int slot)
    {
        if (slot >> 6 >= _words.Length)
        {
            Array.Resize(ref _words, Math.Max((slot >> 6) + 1, _words.Length * 2));
        }

        if (!Contains(slot))
        {
            _words[slot >> 6] |= 1UL << slot;
            Count++;
        }
    }

    public void Remove(int slot)
    {
        if (Contains(slot))
        {
            _words[slot >> 6] &= ~(1UL << slot);
            Count--;
        }
    }

    /// <summary>The members, ascending.</summary>
    public IEnumerable<int> All()
    {
        for (var at = 0; at < _words.Length; at++)
        {
            for (var word = _words[at]; word != 0; word &= word - 1)
            {
                yield return (at << 6) + BitOperations.TrailingZeroCount(word);
            }
        }
    }

    /// <summary>The first member at or after <paramref name="start"/>, wrapping around; −1 for an empty set.</summary>
    public int FindFrom(int start)
    {
        for (var i = 0; i <= _words.Length && Count > 0; i++)
        {
            var at = ((start >> 6) + i) % _words.Length;
            var word = i == 0 ? _words[at] & (ulong.MaxValue << start) : _words[at];
            if (word != 0)
            {
                return (at << 6) + BitOperations.TrailingZeroCount(word);
            }
        }

        return -1;
    }
}
