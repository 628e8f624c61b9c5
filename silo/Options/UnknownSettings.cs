using DirectoryVariable = Quiver.Cli.DataDirectory;

namespace Quiver.Silo.Options;

/// <summary>Finds settings that no code reads, because a misspelt name would otherwise be ignored.</summary>
/// <param name="variables">The names of the environment variables. Messages name a setting as it was written.</param>
internal sealed class UnknownSettings(IEnumerable<string> variables)
{
    private const int MaxSentences = 20;
    private const string Separator = "__";

    private readonly ImmutableArray<string> _variables = [.. variables];
    private readonly List<string> _faults = [];

    /// <summary>Refuses unknown settings.</summary>
    /// <exception cref="InvalidRequestException">With <see cref="ErrorCodes.InvalidOption"/>: names the unknown settings, never their values.</exception>
    public static void Refuse(IConfiguration configuration)
    {
        var faults = new UnknownSettings(Environment.GetEnvironmentVariables().Keys.Cast<string>()).Find(configuration);
        if (faults.Count > 0)
        {
            throw new InvalidRequestException(ErrorCodes.InvalidOption, string.Join(' ', faults));
        }
    }

    /// <summary>One sentence for each unknown setting, at most 20, and one for the rest.</summary>
    public IReadOnlyList<string> Find(IConfiguration configuration)
    {
        _faults.Clear();
        Visit(configuration.GetSection(SettingSections.Root), SettingNode.Root);
        return _faults.Count <= MaxSentences ? [.. _faults] : [.. _faults.Take(MaxSentences), $"There are {_faults.Count - MaxSentences} more."];
    }

    private void Visit(IConfigurationSection section, SettingNode node)
    {
        foreach (var child in section.GetChildren())
        {
            if (node.Find(child.Key) is { } below)
            {
                Check(child, below);
            }
            else
            {
                _faults.AddRange(Leaves(child).Select(path => Unknown(path, node)));
            }
        }
    }

    private void Check(IConfigurationSection section, SettingNode node)
    {
        if (node.IsValue)
        {
            _faults.AddRange(section.GetChildren().SelectMany(Leaves).Select(path => Unknown(path, node)));
            if (node.Path == SettingSections.DataDirectory && !_variables.Contains(DirectoryVariable.Variable))
            {
                _faults.Add(
                    $"{Written(section.Path)} is read from the environment only, as {DirectoryVariable.Variable}: set that, "
                    + "or name the directory with --data.");
            }

            return;
        }

        if (!string.IsNullOrEmpty(section.Value))
        {
            _faults.Add(ValueOfSection(section.Path, node));
        }

        if (!node.IsFree)
        {
            Visit(section, node);
        }
    }

    /// <summary>What was written below a section, or the section itself when it is empty.</summary>
    private static IEnumerable<string> Leaves(IConfigurationSection section)
    {
        var children = section.GetChildren().ToList();
        return children.Count == 0 ? [section.Path] : children.SelectMany(Leaves);
    }

    /// <param name="path">The unknown setting.</param>
    /// <param name="known">The last known node on the way to it.</param>
    private string Unknown(string path, SettingNode known)
    {
        var remedy = Guess(path) is { } meant ? $"write {As(path, meant)} if that is meant, or remove it"
            : known.IsValue ? $"{As(path, known.Path)} is a single value, remove what is below it"
            : $"remove it, or write a setting of {known.Path}: {string.Join(", ", known.Names)}";
        return $"{Written(path)} is not a setting: {remedy}.";
    }

    private string ValueOfSection(string path, SettingNode node) =>
        node.IsList
            ? $"{Written(path)} is a list: write its first member as {As(path, $"{node.Path}:0")}"
                + $"{(Variable(path) is null ? ", or all of them in brackets" : "")}."
            : $"{Written(path)} is a section and has no value of its own: remove it, or write settings below it.";

    /// <summary>The setting that was probably meant; null when no known name is similar.</summary>
    private static string? Guess(string path)
    {
        var node = SettingNode.Root;
        foreach (var name in path.Split(':').Skip(1))
        {
            var next = node.Find(name) ?? (SimilarName.Find(name, node.Names) is { } similar ? node.Find(similar) : null);
            if (next is null)
            {
                return null;
            }

            node = next;
        }

        return node.IsValue ? node.Path : null;
    }

    private string Written(string path) => Variable(path) ?? path;

    private string As(string written, string path) =>
        Variable(written) is null ? path : path.ToUpperInvariant().Replace(":", Separator, StringComparison.Ordinal);

    private string? Variable(string path) =>
        _variables.FirstOrDefault(variable => variable.Replace(Separator, ":", StringComparison.Ordinal).Equals(path, StringComparison.OrdinalIgnoreCase));
}
