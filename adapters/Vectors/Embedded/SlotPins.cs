namespace Quiver.Adapters.Vectors.Embedded;

/// <summary>The newest snapshot, and which older ones searches still look at. Thread-safe.</summary>
internal sealed class SlotPins(SlotSnapshot first)
{
    private readonly Lock _lock = new();
    private readonly List<long> _pinned = [];
    private SlotSnapshot _current = first;

    public SlotSnapshot Current => Volatile.Read(ref _current);

    /// <summary>The newest snapshot; slots of its points keep their vectors until it is released.</summary>
    public SlotSnapshot Acquire()
    {
        lock (_lock)
        {
            _pinned.Add(_current.Version);
            return _current;
        }
    }

    public void Release(SlotSnapshot snapshot)
    {
        lock (_lock)
        {
            _pinned.Remove(snapshot.Version);
        }
    }

    public void Publish(SlotSnapshot next)
    {
        lock (_lock)
        {
            Volatile.Write(ref _current, next);
        }
    }

    /// <summary>True when nobody looks, or can come to look, at a state before <paramref name="version"/>.</summary>
    public bool IsPast(long version)
    {
        lock (_lock)
        {
            return _current.Version >= version && _pinned.TrueForAll(pinned => pinned >= version);
        }
    }
}
