namespace Quiver.Pipeline.Vectors;

/// <summary>How many points a document has.</summary>
/// <param name="DocumentId">The document.</param>
/// <param name="Points">Its points.</param>
public readonly record struct DocumentPoints(string DocumentId, long Points);
