namespace Quiver.Cli.Parsing;

/// <summary>A command's place in the tree: either something to run or a group.</summary>
internal sealed record CommandEntry(string Name, string Description, Func<CliCommand>? Create, IReadOnlyList<CommandEntry> Children)
{
    /// <summary>A command.</summary>
    public static CommandEntry Of<T>(string name, string description)
        where T : CliCommand, new() => new(name, description, static () => new T(), []);

    /// <summary>A group of commands.</summary>
    public static CommandEntry Group(string name, string description, params CommandEntry[] children) => new(name, description, null, children);
}
