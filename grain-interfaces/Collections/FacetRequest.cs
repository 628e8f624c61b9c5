namespace Quiver.GrainInterfaces.Collections;

/// <summary>Asks how many points of a collection have each value of a field.</summary>
[GenerateSerializer, Immutable, Alias("quiver.facet-request.v1")]
public sealed record FacetRequest
{
    /// <summary>The field: <c>document_id</c>, <c>generation</c>, or a field of the documents' metadata.</summary>
    [Id(0)]
    public required string Field { get; init; }

    /// <summary>The most values, 1 to 1,000. Default: 10.</summary>
    [Id(1)]
    public int Limit { get; init; } = 10;

    /// <summary>Payload fields that must equal the given values for a point to count, as in <see cref="SearchRequest.Filter"/>. At most 16.</summary>
    [Id(2)]
    public ImmutableDictionary<string, string> Filter { get; init; } = ImmutableDictionary<string, string>.Empty;
}
