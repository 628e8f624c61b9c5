
using Quiver.Core.Formats;

namespace Quiver.Adapters.Sources.Files;

/// <summary>A file that a walk came to, or a fault in its place.</summary>
/// <param name="Root">The index of its root.</param>
/// <param name="RelativePath">Its path below the root with forward slashes; empty for a root that is a file.</param>
/// <param name="Fault">Null when there is a file to read.</param>
internal readonly record struct FileEntry(int Root, string RelativePath, RecordFault? Fault = null);
