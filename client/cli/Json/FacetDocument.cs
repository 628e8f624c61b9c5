namespace Quiver.Cli.Json;

/// <summary>What <c>quiver collections facets</c> counted.</summary>
internal sealed record FacetDocument(CollectionName Collection, string Field, ImmutableArray<FacetValue> Values);
