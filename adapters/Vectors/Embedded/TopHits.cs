namespace Quiver.Adapters.Vectors.Embedded;

/// <summary>The best slots that one thread saw.</summary>
internal sealed class TopHits(int limit, float threshold) : IScoreSink
{
    private readonly PriorityQueue<int, float> _heap = new(Math.Min(limit, 1024));
    private float _bar = float.NegativeInfinity;

    /// <summary>The highest score of a slot that was left out for want of room though it equals one that is in; −∞ when there was none.</summary>
    public float LostTie { get; private set; } = float.NegativeInfinity;

    /// <summary>The slots kept, in no order.</summary>
    public IEnumerable<(int Slot, float Score)> Hits => _heap.UnorderedItems;

    public void Offer(int slot, float score)
    {
        if (_heap.Count < limit)
        {
            if (score >= threshold)
            {
                _heap.Enqueue(slot, score);
                Raise();
            }
        }
        else if (score > _bar)
        {
            var before = _bar;
            _heap.DequeueEnqueue(slot, score);
            Raise();
            if (_bar == before)
            {
                LostTie = before;
            }
        }
        else if (score == _bar)
        {
            LostTie = score;
        }
    }

    private void Raise()
    {
        if (_heap.Count == limit && _heap.TryPeek(out _, out var lowest))
        {
            _bar = lowest;
        }
    }
}
