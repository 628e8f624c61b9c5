namespace Quiver.Adapters.Vectors.Embedded;

/// <summary>Collects the scores of one search thread.</summary>
internal interface IScoreSink
{
    void Offer(int slot, float score);
}

/// <summary>The best slots that one thread saw.</summary>
internal sealed class TopHits(int limit, float threshold) : IScoreSink
{
    private readonly PriorityQueue<int, float> _heap = new(Math.Min(limit, 1024));
    private float _lowest = float.NegativeInfinity;

    /// <summary>The highest score of a dropped slot that equals the score of a kept one; −∞ when there is none.</summary>
    public float DroppedTie { get; private set; } = float.NegativeInfinity;

    /// <summary>The kept slots, unordered.</summary>
    public IEnumerable<(int Slot, float Score)> Hits => _heap.UnorderedItems;

    public void Offer(int slot, float score)
    {
        if (_heap.Count < limit)
        {
            if (score >= threshold)
            {
                _heap.Enqueue(slot, score);
                UpdateLowest();
            }
        }
        else if (score > _lowest)
        {
            var before = _lowest;
            _heap.DequeueEnqueue(slot, score);
            UpdateLowest();
            if (_lowest == before)
            {
                DroppedTie = before;
            }
        }
        else if (score == _lowest)
        {
            DroppedTie = score;
        }
    }

    private void UpdateLowest()
    {
        if (_heap.Count == limit && _heap.TryPeek(out _, out var lowest))
        {
            _lowest = lowest;
        }
    }
}

/// <summary>The slots with exactly the given score, among which ids decide.</summary>
internal sealed class EqualScores(float score, int capacity) : IScoreSink
{
    public SlotSet Slots { get; } = new(capacity);

    public void Offer(int slot, float candidate)
    {
        if (candidate == score)
        {
            Slots.Add(slot);
        }
    }
}
