namespace Quiver.Cli.Json;

/// <summary>The name of a collection that was deleted.</summary>
internal sealed record DeletedDocument(CollectionName Deleted);
