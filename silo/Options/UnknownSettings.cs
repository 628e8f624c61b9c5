namespace Quiver.Silo.Options;

/// <summary>Finds settings that nothing reads: a misspelt name would be passed over without a word otherwise.</summary>
/// <param name="variables">The names of the environment's variables, to tell of settings as they were written.</param>
internal sealed class UnknownSettings(IEnumerable<string> variables)
{
    private const int MostSentences = 20;

    private readonly SettingSpelling _spelling = new([.. variables]);
    private readonly List<string> _faults = [];

    /// <summary>Refuses settings that nothing reads.</summary>
    /// <param name="configuration">All settings.</param>
    /// <exception cref="InvalidRequestException">With <see cref="ErrorCodes.InvalidOption"/>: there are some; names them, and never their values.</exception>
    public static void Refuse(IConfiguration configuration)
    {
        var faults = new UnknownSettings(Environment.GetEnvironmentVariables().Keys.Cast<string>()).Find(configuration);
        if (faults.Count > 0)
        {
            throw new InvalidRequestException(ErrorCodes.InvalidOption, string.Join(' ', faults));
        }
    }

    /// <summary>A sentence for each setting that nothing reads; the first of them when there are many.</summary>
    /// <param name="configuration">All settings.</param>
    public IReadOnlyList<string> Find(IConfiguration configuration)
    {
        _faults.Clear();
        Visit(configuration.GetSection(SettingSections.Root), SettingPlace.Root);
        return _faults.Count <= MostSentences ? [.. _faults] : [.. _faults.Take(MostSentences), $"There are {_faults.Count - MostSentences} more."];
    }

    private void Visit(IConfigurationSection section, SettingPlace place)
    {
        foreach (var child in section.GetChildren())
        {
            if (place.Find(child.Key) is { } below)
            {
                Check(child, below);
            }
            else
            {
                _faults.AddRange(Leaves(child).Select(path => _spelling.Unknown(path, place)));
            }
        }
    }

    private void Check(IConfigurationSection section, SettingPlace place)
    {
        if (place.IsValue)
        {
            _faults.AddRange(section.GetChildren().SelectMany(Leaves).Select(path => _spelling.Unknown(path, place)));
            if (place.Path == SettingSections.DataDirectory && !_spelling.NamesDataDirectory)
            {
                _faults.Add(_spelling.NotInAFile(section.Path));
            }

            return;
        }

        if (!string.IsNullOrEmpty(section.Value))
        {
            _faults.Add(_spelling.NoValue(section.Path, place));
        }

        if (!place.IsFree)
        {
            Visit(section, place);
        }
    }

    /// <summary>What was written below a section, or the section itself when it is empty.</summary>
    private static IEnumerable<string> Leaves(IConfigurationSection section)
    {
        var children = section.GetChildren().ToList();
        return children.Count == 0 ? [section.Path] : children.SelectMany(Leaves);
    }
}
