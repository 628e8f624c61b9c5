namespace Quiver.GrainInterfaces.Collections;

/// <summary>A question to a collection.</summary>
[GenerateSerializer, Immutable, Alias("quiver.search-request.v1")]
public sealed record SearchRequest
{
    /// <summary>The text to look for, 1 to 8,192 characters.</summary>
    [Id(0)]
    public required string Query { get; init; }

    /// <summary>The most hits, 1 to 1,000. Default: 10.</summary>
    [Id(1)]
    public int Limit { get; init; } = 10;

    /// <summary>Payload fields that must equal the given values; all must hold. At most 16.</summary>
    [Id(2)]
    public ImmutableDictionary<string, string> Filter { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>Hits below this cosine similarity are left out; null keeps all.</summary>
    [Id(3)]
    public float? ScoreThreshold { get; init; }
}
