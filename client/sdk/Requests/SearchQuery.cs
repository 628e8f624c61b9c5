namespace Quiver.Client.Requests;

/// <summary>The body of a search.</summary>
public sealed record SearchQuery
{
    /// <summary>The text to search for, 1 to 8,192 characters. Of more tokens than the model takes, the first are searched for, with a note.</summary>
    public required string Query { get; init; }

    /// <summary>The maximum number of hits, 1 to 1,000. Default: 10.</summary>
    public int? Limit { get; init; }

    /// <summary>Metadata fields and the values they must equal; all must match. At most 16.</summary>
    public ImmutableDictionary<string, string>? Filter { get; init; }

    /// <summary>
    /// The minimum score of a hit. Dense: −1 to 1 with cosine, any number with dot; with Euclidean and Manhattan distance the maximum, 0 and above.
    /// Hybrid: 0 to 1. Lexical: 0 and above. Default: no threshold.
    /// </summary>
    public float? ScoreThreshold { get; init; }

    /// <summary>
    /// How chunks are found: by vectors and words (hybrid), by vectors (dense) or by words (lexical). Default: hybrid, or dense where the store cannot
    /// search for words; dense with a scoreThreshold.
    /// </summary>
    public SearchMode? Mode { get; init; }

    /// <summary>The weight of the words in a hybrid search, 0 to 1; the vectors have the rest. Default: 0.4.</summary>
    public double? LexicalWeight { get; init; }

    /// <summary>Creates the body for a request.</summary>
    /// <param name="request">The request.</param>
    public static SearchQuery From(SearchRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return new()
        {
            Query = request.Query,
            Limit = request.Limit,
            Filter = request.Filter,
            ScoreThreshold = request.ScoreThreshold,
            Mode = request.Mode,
            LexicalWeight = request.LexicalWeight,
        };
    }

    /// <summary>Creates the request of this body.</summary>
    public SearchRequest ToRequest() => new()
    {
        Query = Query,
        Limit = Limit ?? 10,
        Filter = Filter ?? ImmutableDictionary<string, string>.Empty,
        ScoreThreshold = ScoreThreshold,
        Mode = Mode,
        LexicalWeight = LexicalWeight,
    };
}

/// <summary>The body of a facet count.</summary>
public sealed record FacetQuery
{
    /// <summary>The field: <c>document_id</c>, <c>title</c>, <c>generation</c>, or a field of the documents' metadata.</summary>
    public required string Field { get; init; }

    /// <summary>The maximum number of values, 1 to 1,000. Default: 10.</summary>
    public int? Limit { get; init; }

    /// <summary>Metadata fields and the values they must equal for a point to count; all must match. At most 16.</summary>
    public ImmutableDictionary<string, string>? Filter { get; init; }

    /// <summary>Creates the body for a request.</summary>
    /// <param name="request">The request.</param>
    public static FacetQuery From(FacetRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return new() { Field = request.Field, Limit = request.Limit, Filter = request.Filter };
    }

    /// <summary>Creates the request of this body.</summary>
    public FacetRequest ToRequest() => new()
    {
        Field = Field,
        Limit = Limit ?? 10,
        Filter = Filter ?? ImmutableDictionary<string, string>.Empty,
    };
}

/// <summary>The response to a <see cref="FacetQuery"/>.</summary>
/// <param name="Values">The values with their point counts, highest count first, then by value.</param>
public sealed record FacetResult(ImmutableArray<FacetValue> Values);
