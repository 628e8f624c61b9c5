namespace Quiver.Core.Sources;

/// <summary>One line of a <c>.gitignore</c> file, with git's meaning.</summary>
internal sealed class GitIgnoreRule
{
    private readonly PathPattern? _path;
    private readonly SegmentPattern? _name;
    private readonly bool _foldersOnly;

    private GitIgnoreRule(PathPattern? path, SegmentPattern? name, bool foldersOnly, bool includes)
    {
        _path = path;
        _name = name;
        _foldersOnly = foldersOnly;
        Includes = includes;
    }

    /// <summary>True for <c>!pattern</c>: what matches is wanted after all.</summary>
    public bool Includes { get; }

    /// <summary>Null for a blank line, a comment, or a pattern that can match nothing.</summary>
    public static GitIgnoreRule? Parse(string line)
    {
        var pattern = TrimEnd(line.TrimEnd('\r', '\n'));
        if (pattern.StartsWith('#'))
        {
            return null;
        }

        var includes = pattern.StartsWith('!');
        if (includes)
        {
            pattern = pattern[1..];
        }

        var foldersOnly = pattern.EndsWith('/');
        if (foldersOnly)
        {
            pattern = pattern[..^1];
        }

        if (pattern.Length == 0 || pattern == "/")
        {
            return null;
        }

        if (pattern.Contains('/', StringComparison.Ordinal))
        {
            return PathPattern.Parse(pattern, extended: true) is { } path ? new(path, null, foldersOnly, includes) : null;
        }

        return SegmentPattern.Parse(pattern, extended: true) is { } name ? new(null, name, foldersOnly, includes) : null;
    }

    /// <summary>Whether the rule speaks of a path.</summary>
    /// <param name="path">Relative to the folder of the <c>.gitignore</c>, with forward slashes.</param>
    /// <param name="isFolder">Whether it is a folder.</param>
    public bool IsMatch(ReadOnlySpan<char> path, bool isFolder)
    {
        if (_foldersOnly && !isFolder)
        {
            return false;
        }

        return _name is { } name ? name.IsMatch(path[(path.LastIndexOf('/') + 1)..]) : _path!.IsMatch(path);
    }

    /// <summary>Trailing spaces do not count, unless the first of them is escaped.</summary>
    private static string TrimEnd(string line)
    {
        var end = line.Length;
        while (end > 0 && line[end - 1] == ' ')
        {
            end--;
        }

        var backslashes = 0;
        while (end - backslashes > 0 && line[end - backslashes - 1] == '\\')
        {
            backslashes++;
        }

        return end < line.Length && backslashes % 2 == 1 ? line[..(end + 1)] : line[..end];
    }
}
