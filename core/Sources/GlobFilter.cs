namespace Quiver.Core.Sources;

/// <summary>
/// Selects files of a folder. Globs have <c>*</c> (within a name), <c>?</c> (one character) and <c>**</c> (any number of folders),
/// are case-sensitive, and match a name at any depth if they have no slash.
/// </summary>
public sealed class GlobFilter
{
    private readonly List<PathPattern> _include;
    private readonly List<PathPattern> _exclude;

    /// <summary>Creates a filter.</summary>
    /// <param name="include">When not empty, only matching files are included.</param>
    /// <param name="exclude">Files, and folders with everything in them, that are left out.</param>
    public GlobFilter(IEnumerable<string> include, IEnumerable<string> exclude)
    {
        _include = [.. include.SelectMany(glob => Compile(glob, folders: false))];
        _exclude = [.. exclude.SelectMany(glob => Compile(glob, folders: true))];
    }

    /// <summary>Whether a glob can match anything.</summary>
    /// <param name="glob">The glob.</param>
    public static bool IsValid(string glob) => Compile(glob, folders: false).Any();

    /// <summary>Whether a file is included.</summary>
    /// <param name="path">Relative to the folder, with forward slashes.</param>
    public bool Includes(string path) => (_include.Count == 0 || _include.Exists(glob => glob.IsMatch(path))) && !Excludes(path);

    /// <summary>Whether a file, or a folder with everything in it, is excluded by name.</summary>
    /// <param name="path">Relative to the folder, with forward slashes.</param>
    public bool Excludes(string path) => _exclude.Exists(glob => glob.IsMatch(path));

    private static IEnumerable<PathPattern> Compile(string glob, bool folders)
    {
        var pattern = glob.Replace('\\', '/').Trim();
        if (pattern.StartsWith("./", StringComparison.Ordinal))
        {
            pattern = pattern[1..];
        }

        if (pattern.Trim('/').Length == 0)
        {
            yield break;
        }

        if (!pattern.Contains('/', StringComparison.Ordinal))
        {
            pattern = "**/" + pattern;
        }

        if (pattern.EndsWith('/'))
        {
            pattern += "**";
        }

        if (PathPattern.Parse(pattern, extended: false) is { } whole)
        {
            yield return whole;
        }

        // A folder whose whole content is excluded need not be entered.
        if (folders && pattern.EndsWith("/**", StringComparison.Ordinal) && PathPattern.Parse(pattern[..^3], extended: false) is { } folder)
        {
            yield return folder;
        }
    }
}
