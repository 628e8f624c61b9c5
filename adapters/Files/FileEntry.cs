namespace Quiver.Adapters.Files;

/// <summary>A file that a walk came to, or a fault in its place.</summary>
/// <param name="Root">The index of its root.</param>
/// <param name="RelativePath">Its path below the root with forward slashes; empty for a root that is a file.</param>
/// <param name="FaultCode">Null when there is a file to read.</param>
/// <param name="FaultReason">The sentence beside it.</param>
/// <param name="IsFolder">Whether the fault is a whole folder's.</param>
internal readonly record struct FileEntry(int Root, string RelativePath, string? FaultCode = null, string FaultReason = "", bool IsFolder = false);
