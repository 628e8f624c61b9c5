namespace Quiver.Client.Requests;

/// <summary>A question over HTTP; see <see cref="SearchRequest"/>.</summary>
public sealed record SearchQuery
{
    /// <summary>The text to look for, 1 to 8,192 characters.</summary>
    public required string Query { get; init; }

    /// <summary>The most hits, 1 to 1,000. Default: 10.</summary>
    public int? Limit { get; init; }

    /// <summary>Payload fields that must equal the given values; all must hold. At most 16.</summary>
    public ImmutableDictionary<string, string>? Filter { get; init; }

    /// <summary>
    /// Where hits end: those with a lower score are left out, or with a higher one where the collection measures by Euclidean or Manhattan
    /// distance. −1 to 1 with cosine, 0 and more with these two, any number with dot. Default: all are kept.
    /// </summary>
    public float? ScoreThreshold { get; init; }

    /// <summary>The body that stands for a request.</summary>
    /// <param name="request">The request.</param>
    public static SearchQuery From(SearchRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return new() { Query = request.Query, Limit = request.Limit, Filter = request.Filter, ScoreThreshold = request.ScoreThreshold };
    }

    /// <summary>The request that this body stands for.</summary>
    public SearchRequest ToRequest() => new()
    {
        Query = Query,
        Limit = Limit ?? 10,
        Filter = Filter ?? ImmutableDictionary<string, string>.Empty,
        ScoreThreshold = ScoreThreshold,
    };
}
