namespace Quiver.Adapters.Vectors.Embedded;

/// <summary>The slots that one unit of work fills and empties; given back when it is disposed without being kept.</summary>
internal sealed class SlotChanges(SlotMap map) : IDisposable
{
    private bool _kept;

    /// <summary>Filled (scope) and emptied (0) slots, in order.</summary>
    public List<(int Slot, int Scope)> Steps { get; } = [];

    /// <summary>Puts a vector into a free slot.</summary>
    public int Add(long scope, float[] row)
    {
        var slot = map.Take();
        Steps.Add((slot, checked((int)scope)));
        map.File.Write(slot, row);
        return slot;
    }

    public void Remove(long slot) => Steps.Add((checked((int)slot), 0));

    /// <summary>Leaves the changes to the commit.</summary>
    public void Keep()
    {
        _kept = true;
        map.Keep(Steps);
    }

    public void Dispose()
    {
        if (!_kept)
        {
            map.Return(Steps);
        }
    }
}
