namespace Quiver.Core.Sources;

/// <summary>The rules of one <c>.gitignore</c> file.</summary>
public sealed class GitIgnoreFile
{
    private readonly List<GitIgnoreRule> _rules;

    private GitIgnoreFile(List<GitIgnoreRule> rules) => _rules = rules;

    /// <summary>Reads the rules; lines that can match nothing are passed over, as git does.</summary>
    /// <param name="text">The file's text.</param>
    public static GitIgnoreFile Parse(string text) =>
        new([.. text.TrimStart('\uFEFF').Split('\n').Select(GitIgnoreRule.Parse).OfType<GitIgnoreRule>()]);

    /// <summary>True: ignored; false: wanted after all; null: no rule speaks of it and the files above decide.</summary>
    /// <param name="path">Relative to the folder of the file, with forward slashes. Its parents must have been found wanted.</param>
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
