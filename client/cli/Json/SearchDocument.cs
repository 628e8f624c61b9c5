namespace Quiver.Cli.Json;

/// <summary>An answered question.</summary>
internal sealed record SearchDocument(CollectionName Collection, string Query, ImmutableArray<SearchHit> Hits);
