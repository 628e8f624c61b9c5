namespace Quiver.Adapters.Vectors.Embedded;

/// <summary>What one search thread does with scores.</summary>
internal interface IScoreSink
{
    void Offer(int slot, float score);
}
