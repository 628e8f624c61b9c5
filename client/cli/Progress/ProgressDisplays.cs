
using Quiver.Cli.Output;

namespace Quiver.Cli.Progress;

/// <summary>Chooses a display.</summary>
internal static class ProgressDisplays
{
    /// <summary>Live on a terminal, unless logs are written between; plain lines elsewhere.</summary>
    public static IProgressDisplay For(CliEnvironment environment, CliOutput output, bool verbose) =>
        environment.IsErrorTerminal && !verbose ? new LiveProgress(environment.Error) : new PlainProgress(output, environment.Time);
}
