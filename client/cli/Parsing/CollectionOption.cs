using System.CommandLine;

namespace Quiver.Cli.Parsing;

/// <summary><c>--collection</c> of the commands that cannot do without.</summary>
internal static class CollectionOption
{
    /// <summary>The option.</summary>
    public static Option<string?> Create(string description)
    {
        var option = Options.Text("--collection", "NAME", description);
        option.Required = true;
        return option;
    }
}
