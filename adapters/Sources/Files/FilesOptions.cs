using System.ComponentModel.DataAnnotations;
using Quiver.Core.Formats;

namespace Quiver.Adapters.Sources.Files;

/// <summary>What may be read from this machine's files, and how much of it at once.</summary>
public sealed class FilesOptions
{
    /// <summary>Absolute folders outside of which no file is read; when empty, everything is allowed. Default: empty.</summary>
    public IList<string> AllowedRoots { get; } = [];

    /// <summary>The largest document in bytes where a source does not say, 1 to 67,108,864. Default: 4,194,304 (4 MiB).</summary>
    [Range(1, RecordConstants.LargestMaxDocumentBytes)]
    public int MaxDocumentBytes { get; set; } = 4 * 1024 * 1024;
}
