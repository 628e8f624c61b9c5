namespace Quiver.Core.Artifacts;

/// <summary>An artifact that is there.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="At">When it was written, UTC.</param>
public sealed record ArtifactInfo(ArtifactName Name, long Bytes, DateTimeOffset At);
