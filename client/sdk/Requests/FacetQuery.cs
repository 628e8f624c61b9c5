namespace Quiver.Client.Requests;

/// <summary>A count by values over HTTP; see <see cref="FacetRequest"/>.</summary>
public sealed record FacetQuery
{
    /// <summary>The field: <c>document_id</c>, <c>generation</c>, or a field of the documents' metadata.</summary>
    public required string Field { get; init; }

    /// <summary>The most values, 1 to 1,000. Default: 10.</summary>
    public int? Limit { get; init; }

    /// <summary>Payload fields that must equal the given values for a point to count; all must hold. At most 16.</summary>
    public ImmutableDictionary<string, string>? Filter { get; init; }

    /// <summary>The body that stands for a request.</summary>
    /// <param name="request">The request.</param>
    public static FacetQuery From(FacetRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return new() { Field = request.Field, Limit = request.Limit, Filter = request.Filter };
    }

    /// <summary>The request that this body stands for.</summary>
    public FacetRequest ToRequest() => new()
    {
        Field = Field,
        Limit = Limit ?? 10,
        Filter = Filter ?? ImmutableDictionary<string, string>.Empty,
    };
}
