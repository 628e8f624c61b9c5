namespace Quiver.Adapters.Sources.Files;

/// <summary>A folder to be entered.</summary>
/// <param name="RelativePath">Its path below the root with forward slashes; empty for the root.</param>
/// <param name="Path">Where it lies, links below the root not resolved.</param>
/// <param name="RealPath">Where it lies behind all links.</param>
/// <param name="ThroughLink">Whether the way there goes through a link to a folder.</param>
/// <param name="Around">What the folders above say is ignored.</param>
/// <param name="Resume">Names of the path to go on at that lie below the folder; empty to begin at its beginning.</param>
/// <param name="BehindResume">Whether to go on behind that path instead of at it.</param>
internal sealed record FolderVisit(
    string RelativePath, string Path, string RealPath, bool ThroughLink, GitIgnoreScope? Around, ReadOnlyMemory<string> Resume, bool BehindResume);
