namespace Quiver.Adapters.FlatIndex;

/// <summary>Gives out slots that no committed point and no running search needs. For the writing thread.</summary>
internal sealed class SlotAllocator(SlotPins pins, SlotSet free, int end)
{
    private readonly Queue<(long Version, List<int> Slots)> _retired = new();
    private int _end = end;
    private int _next;

    public int Take()
    {
        Reclaim();
        var slot = free.FindFrom(_next);
        if (slot < 0)
        {
            return _end == int.MaxValue
                ? throw new PermanentException(ErrorCodes.StorageUnavailable, "The embedded index is full: move to a vector server, or split the collection.")
                : _end++;
        }

        free.Remove(slot);
        _next = slot;
        return slot;
    }

    /// <summary>Takes back slots that were never visible.</summary>
    public void Return(IEnumerable<int> slots)
    {
        foreach (var slot in slots)
        {
            free.Add(slot);
        }
    }

    /// <summary>Takes back slots that a commit emptied, for use once nobody looks at a state before it.</summary>
    public void Retire(long version, List<int> slots)
    {
        if (slots.Count > 0)
        {
            _retired.Enqueue((version, slots));
        }
    }

    private void Reclaim()
    {
        while (_retired.TryPeek(out var oldest) && pins.IsPast(oldest.Version))
        {
            Return(_retired.Dequeue().Slots);
        }
    }
}
