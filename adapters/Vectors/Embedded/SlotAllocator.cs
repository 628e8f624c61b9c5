namespace Quiver.Adapters.Vectors.Embedded;

/// <summary>Gives out slots that no committed point and no running search needs, in this process or another. For the writing thread.</summary>
/// <param name="readers">Tells whether other processes read.</param>
/// <param name="emptied">The slots without a point, which another process may still read as those of points.</param>
/// <param name="end">One more than the highest slot with a point.</param>
internal sealed class SlotAllocator(ReaderLock readers, SlotSet emptied, int end)
{
    private readonly Queue<(long Version, List<int> Slots)> _retired = new();
    private readonly SlotSet _free = new(0);
    private SlotSet? _emptied = emptied;
    private bool _asked;
    private int _end = end;
    private int _next;

    public int Take(SlotPins pins)
    {
        Reclaim(pins);
        var slot = _free.FindFrom(_next);
        if (slot < 0)
        {
            return _end == int.MaxValue
                ? throw new PermanentException(ErrorCodes.StorageUnavailable, "The embedded index is full: move to a vector server, or split the collection.")
                : _end++;
        }

        _free.Remove(slot);
        _next = slot;
        return slot;
    }

    /// <summary>Takes back slots that were never visible.</summary>
    public void Return(IEnumerable<int> slots)
    {
        foreach (var slot in slots)
        {
            _free.Add(slot);
        }
    }

    /// <summary>Takes back slots that a commit emptied, for use once no one looks at a state before it.</summary>
    public void Retire(long version, List<int> slots)
    {
        _asked = false;
        if (slots.Count > 0)
        {
            _retired.Enqueue((version, slots));
        }
    }

    private void Reclaim(SlotPins pins)
    {
        // One question for each commit is enough, however many points it writes.
        if (_asked || !(_emptied is { Count: > 0 } || (_retired.TryPeek(out var first) && pins.IsPast(first.Version))))
        {
            return;
        }

        _asked = true;
        if (!readers.IsFree())
        {
            return;
        }

        if (_emptied is { } emptied)
        {
            Return(emptied.All());
            _emptied = null;
        }

        while (_retired.TryPeek(out var oldest) && pins.IsPast(oldest.Version))
        {
            Return(_retired.Dequeue().Slots);
        }
    }
}
