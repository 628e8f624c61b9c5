using DirectoryVariable = Quiver.Cli.DataDirectory;

namespace Quiver.Silo.Options;

/// <summary>Tells of settings by the names that they were written with: with colons, or as a variable of the environment.</summary>
/// <param name="variables">The names of the environment's variables.</param>
internal sealed class SettingSpelling(ImmutableArray<string> variables)
{
    private const string Separator = "__";

    /// <summary>Whether the environment says where the data directory is.</summary>
    public bool NamesDataDirectory => variables.Contains(DirectoryVariable.Variable);

    /// <summary>Nothing reads a setting.</summary>
    /// <param name="path">Where it was found.</param>
    /// <param name="known">The last place on the way to it that there is.</param>
    public string Unknown(string path, SettingPlace known)
    {
        var remedy = Guess(path) is { } meant ? $"write {As(path, meant)} if that is meant, or remove it"
            : known.IsValue ? $"{As(path, known.Path)} is one value, remove what is below it"
            : $"remove it, or write one that {known.Path} has: {string.Join(", ", known.Names)}";
        return $"{Written(path)} is no setting: {remedy}.";
    }

    /// <summary>A value is where a list or a section is.</summary>
    /// <param name="path">Where it was found.</param>
    /// <param name="place">What is there.</param>
    public string NoValue(string path, SettingPlace place) =>
        place.IsList
            ? $"{Written(path)} is a list: write its first member as {As(path, $"{place.Path}:0")}{(Variable(path) is null ? ", or all of them in brackets" : "")}."
            : $"{Written(path)} is a section and has no value of its own: remove it, or write settings below it.";

    /// <summary>A file of settings says where the data directory is, which only the environment can.</summary>
    /// <param name="path">Where the setting was found.</param>
    public string NotInAFile(string path) =>
        $"{Written(path)} is read from the environment only, as {DirectoryVariable.Variable}: set that, or name the directory with --data.";

    /// <summary>The setting that was probably meant; null when none is near.</summary>
    private static string? Guess(string path)
    {
        var place = SettingPlace.Root;
        foreach (var name in path.Split(':').Skip(1))
        {
            var next = place.Find(name) ?? (NearName.Find(name, place.Names) is { } near ? place.Find(near) : null);
            if (next is null)
            {
                return null;
            }

            place = next;
        }

        return place.IsValue ? place.Path : null;
    }

    private string Written(string path) => Variable(path) ?? path;

    private string As(string written, string path) => Variable(written) is null ? path : path.ToUpperInvariant().Replace(":", Separator, StringComparison.Ordinal);

    private string? Variable(string path) =>
        variables.FirstOrDefault(variable => variable.Replace(Separator, ":", StringComparison.Ordinal).Equals(path, StringComparison.OrdinalIgnoreCase));
}
