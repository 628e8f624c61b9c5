using System.IO.Enumeration;

namespace Quiver.Adapters.Sources.Files;

/// <summary>A folder on the path of a walk: its names in order, and which comes next.</summary>
internal sealed class FolderFrame
{
    private readonly Entry[] _entries;
    private int _next;

    private FolderFrame(Entry[] entries) => _entries = entries;

    /// <summary>Its path below the root with forward slashes; empty for the root.</summary>
    public required string RelativePath { get; init; }

    /// <summary>Where it lies, links below the root not resolved.</summary>
    public required string Path { get; init; }

    /// <summary>Where it lies behind all links.</summary>
    public required string RealPath { get; init; }

    /// <summary>Whether the way here went through a link to a folder.</summary>
    public required bool ThroughLink { get; init; }

    /// <summary>What git ignores in it.</summary>
    public required GitIgnoreScope? Ignore { get; init; }

    /// <summary>Names of the path to go on at that lie below this folder; empty when the folder is read from its beginning.</summary>
    public required ReadOnlyMemory<string> Resume { get; init; }

    /// <summary>Lists a folder. Blocks on the disk.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static FolderFrame Open(FolderVisit visit, bool honourGitIgnore)
    {
        var options = new EnumerationOptions { AttributesToSkip = 0, IgnoreInaccessible = false, RecurseSubdirectories = false };
        var listing = new FileSystemEnumerable<Entry>(
            visit.Path,
            (ref entry) => new Entry(entry.FileName.ToString(), entry.IsDirectory, (entry.Attributes & FileAttributes.ReparsePoint) != 0),
            options);
        Entry[] entries = [.. listing];
        Array.Sort(entries, static (x, y) => string.CompareOrdinal(x.Name, y.Name));
        return new FolderFrame(entries)
        {
            RelativePath = visit.RelativePath,
            Path = visit.Path,
            RealPath = visit.RealPath,
            ThroughLink = visit.ThroughLink,
            Ignore = honourGitIgnore ? GitIgnoreScope.Enter(visit.Around, visit.Path) : null,
            Resume = visit.Resume,
            _next = FirstFrom(entries, visit),
        };
    }

    /// <summary>The next name. False when there is none.</summary>
    public bool TryNext(out Entry entry)
    {
        var has = _next < _entries.Length;
        entry = has ? _entries[_next++] : default;
        return has;
    }

    private static int FirstFrom(Entry[] entries, FolderVisit visit)
    {
        if (visit.Resume.IsEmpty)
        {
            return 0;
        }

        var name = visit.Resume.Span[0];
        var at = Array.FindIndex(entries, entry => string.CompareOrdinal(entry.Name, name) >= 0);
        if (at < 0)
        {
            return entries.Length;
        }

        return visit.Resume.Length == 1 && visit.BehindResume && entries[at].Name == name ? at + 1 : at;
    }

    /// <summary>A name in a folder.</summary>
    /// <param name="Name">The name.</param>
    /// <param name="IsFolder">Whether it is a folder, or a link to one.</param>
    /// <param name="IsLink">Whether it is a link.</param>
    internal readonly record struct Entry(string Name, bool IsFolder, bool IsLink);
}
