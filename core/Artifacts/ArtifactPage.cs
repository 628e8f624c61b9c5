namespace Quiver.Core.Artifacts;

/// <summary>A page of artifacts.</summary>
/// <param name="Items">By name, compared ordinally.</param>
/// <param name="Next">What to go on after; null on the last page.</param>
public sealed record ArtifactPage(ImmutableArray<ArtifactInfo> Items, string? Next);
