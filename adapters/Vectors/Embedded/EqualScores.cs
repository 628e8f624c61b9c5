namespace Quiver.Adapters.Vectors.Embedded;

/// <summary>The slots with exactly one score: those among which ids decide.</summary>
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
