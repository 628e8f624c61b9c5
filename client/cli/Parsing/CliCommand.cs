using System.CommandLine;

namespace Quiver.Cli.Parsing;

/// <summary>One command: what it takes and what it does. Made only when its name is on the command line.</summary>
internal abstract class CliCommand
{
    /// <summary>Adds arguments and options.</summary>
    public abstract void Configure(Command command);

    /// <summary>Does it.</summary>
    /// <returns>An exit code.</returns>
    public abstract Task<int> RunAsync(CommandContext context);
}
