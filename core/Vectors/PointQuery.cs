namespace Quiver.Core.Vectors;

/// <summary>A nearest-neighbour question within a scope.</summary>
/// <param name="Vector">As long as the collection's dimensions.</param>
/// <param name="Limit">1 to 1,000.</param>
public sealed record PointQuery(ReadOnlyMemory<float> Vector, int Limit)
{
    /// <summary>Payload fields (document id or metadata) that must equal the given values.</summary>
    public ImmutableDictionary<string, string> Filter { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>Hits of a lower score are left out; of a higher one where the score is a distance.</summary>
    public float? ScoreThreshold { get; init; }
}
