namespace Quiver.Client.Requests;

/// <summary>The answer to a <see cref="FacetQuery"/>.</summary>
/// <param name="Values">The values with their numbers of points, most points first, then by value.</param>
public sealed record FacetResult(ImmutableArray<FacetValue> Values);
