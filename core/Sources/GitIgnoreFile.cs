namespace Quiver.Core.Sources;

/// <summary>The rules of one <c>.gitignore</c> file.</summary>
public sealed class GitIgnoreFile
{
    private readonly List<GitIgnoreRule> _rules;

    private GitIgnoreFile(List<GitIgnoreRule> rules) => _rules = rules;

    /// <summary>Parses the rules; lines that can match nothing are skipped, as git does.</summary>
    /// <param name="text">The file's text.</param>
    public static GitIgnoreFile Parse(string text) =>
        new([.. text.TrimStart('\uFEFF').Split('\n').Select(GitIgnoreRule.Parse).OfType<GitIgnoreRule>()]);

    /// <summary>True: ignored; false: included by a <c>!</c> rule; null: no rule matches and the files above decide.</summary>
    /// <param name="path">Relative to the folder of the file, with forward slashes. Its parents must not be ignored.</param>
    /// <param name="isFolder">Whether it is a folder.</param>
    public bool? Decides(ReadOnlySpan<char> path, bool isFolder)
    {
        for (var i = _rules.Count - 1; i >= 0; i--)
        {
            if (_rules[i].IsMatch(path, isFolder))
            {
                return !_rules[i].Includes;
            }
        }

        return null;
    }
}

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

    /// <summary>True for <c>!pattern</c>: a match is included.</summary>
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

    /// <summary>Whether the rule matches a path.</summary>
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
