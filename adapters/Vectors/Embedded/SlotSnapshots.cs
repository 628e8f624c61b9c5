namespace Quiver.Adapters.Vectors.Embedded;

/// <summary>The scope of each slot after one commit. Immutable; successive snapshots share unchanged blocks.</summary>
/// <param name="Version">The number of the commit in the database.</param>
/// <param name="Blocks">The scope's number per slot, 0 where the slot is empty; <see cref="FlatLayout.BlockRows"/> slots per block.</param>
/// <param name="Segments">The mapped vectors.</param>
internal sealed record SlotSnapshot(long Version, int[][] Blocks, SlotSegment[] Segments)
{
    public int Capacity => Blocks.Length * FlatLayout.BlockRows;

    /// <summary>The number of points of a scope.</summary>
    public int CountPoints(int scope) => Blocks.Sum(block => block.AsSpan().Count(scope));
}

/// <summary>The newest snapshot, and which older ones are still read. Thread-safe.</summary>
internal sealed class SlotPins(SlotSnapshot first)
{
    private readonly Lock _lock = new();
    private readonly List<long> _pinned = [];
    private SlotSnapshot _current = first;

    public SlotSnapshot Current => Volatile.Read(ref _current);

    /// <summary>Pins and returns the newest snapshot; its slots keep their vectors until it is released.</summary>
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

    /// <summary>True when no snapshot before <paramref name="version"/> is read or can be acquired.</summary>
    public bool IsPast(long version)
    {
        lock (_lock)
        {
            return _current.Version >= version && _pinned.TrueForAll(pinned => pinned >= version);
        }
    }
}
