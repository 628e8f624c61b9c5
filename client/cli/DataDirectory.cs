namespace Quiver.Cli;

/// <summary>Finds the data directory.</summary>
public static class DataDirectory
{
    /// <summary>The environment variable that names the data directory.</summary>
    public const string Variable = "QUIVER__DATA__DIRECTORY";

    /// <summary>
    /// The first that is set of the option, <c>QUIVER__DATA__DIRECTORY</c>, <c>$XDG_DATA_HOME/quiver</c>, <c>~/.local/share/quiver</c>
    /// (on Windows <c>%LOCALAPPDATA%\quiver</c>).
    /// </summary>
    /// <param name="option">The value of <c>--data</c>, or null.</param>
    /// <param name="currentDirectory">The base of a relative option or variable.</param>
    /// <param name="variable">Reads an environment variable.</param>
    /// <returns>An absolute path; it need not exist.</returns>
    /// <exception cref="InvalidRequestException">With <see cref="ErrorCodes.InvalidOption"/>: none of them is set.</exception>
    public static string Resolve(string? option, string currentDirectory, Func<string, string?> variable)
    {
        ArgumentNullException.ThrowIfNull(variable);
        var named = string.IsNullOrWhiteSpace(option) ? variable(Variable) : option;
        if (!string.IsNullOrWhiteSpace(named))
        {
            return Path.GetFullPath(named, currentDirectory);
        }

        // The XDG specification requires that relative values are ignored.
        if (variable("XDG_DATA_HOME") is { } xdg && Path.IsPathFullyQualified(xdg))
        {
            return Path.Combine(xdg, "quiver");
        }

        if (OperatingSystem.IsWindows() && variable("LOCALAPPDATA") is { Length: > 0 } local)
        {
            return Path.Combine(local, "quiver");
        }

        if (variable("HOME") is { Length: > 0 } home && Path.IsPathFullyQualified(home))
        {
            return Path.Combine(home, ".local", "share", "quiver");
        }

        throw new InvalidRequestException(ErrorCodes.InvalidOption, $"There is no home directory: name the data directory with --data DIR or {Variable}.");
    }
}
