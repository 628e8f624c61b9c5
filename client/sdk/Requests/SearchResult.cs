namespace Quiver.Client.Requests;

/// <summary>The answer to a <see cref="SearchQuery"/>.</summary>
/// <param name="Hits">The nearest chunks, best first.</param>
public sealed record SearchResult(ImmutableArray<SearchHit> Hits);
