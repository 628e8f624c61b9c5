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

    /// <summary>
    /// Where hits end: those with a lower score are left out, or with a higher one where the collection measures by Euclidean or Manhattan
    /// distance. −1 to 1 with cosine, 0 and more with these two, any number with dot. Null keeps all.
    /// </summary>
    [Id(3)]
    public float? ScoreThreshold { get; init; }
}
