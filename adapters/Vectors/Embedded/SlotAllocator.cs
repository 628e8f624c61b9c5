namespace Quiver.Adapters.Vectors.Embedded;

/// <summary>Allocates slots that no committed point and no running search of any process uses. For the writing thread.</summary>
/// <param name="readers">Shows whether other processes are reading.</param>
/// <param name="emptied">The slots without a point; another process may still read them as points of an older commit.</param>
/// <param name="end">One more than the highest slot with a point.</param>
internal sealed class SlotAllocator(ReaderLock readers, SlotSet emptied, int end)
{
    private readonly Queue<(long Version, List<int> Slots)> _retired = new();
    private readonly SlotSet _free = new(0);
    private SlotSet? _emptied = emptied;
    private bool _checked;
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

    /// <summary>Frees slots that were never visible.</summary>
    public void Return(IEnumerable<int> slots)
    {
        foreach (var slot in slots)
        {
            _free.Add(slot);
        }
    }

    /// <summary>Frees slots that a commit emptied as soon as no older state is read.</summary>
    public void Retire(long version, List<int> slots)
    {
        _checked = false;
        if (slots.Count > 0)
        {
            _retired.Enqueue((version, slots));
        }
    }

    private void Reclaim(SlotPins pins)
    {
        // One check per commit is enough.
        if (_checked || !(_emptied is { Count: > 0 } || (_retired.TryPeek(out var first) && pins.IsPast(first.Version))))
        {
            return;
        }

        _checked = true;
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
