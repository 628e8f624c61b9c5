namespace Quiver.Silo.DataDirectory;

/// <summary>Where the data lie.</summary>
public static class QuiverDataDirectory
{
    /// <summary>The environment variable that names the data directory.</summary>
    public const string Variable = "QUIVER__DATA__DIRECTORY";

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>
    /// The first of: the option <c>--data</c>, <c>QUIVER__DATA__DIRECTORY</c>, <c>$XDG_DATA_HOME/quiver</c>, <c>~/.local/share/quiver</c>.
    /// </summary>
    /// <param name="option">The option's value, or null; relative to the working directory.</param>
    /// <param name="variable">Reads an environment variable; null for the process's own.</param>
    /// <returns>An absolute path; it need not exist.</returns>
    /// <exception cref="InvalidRequestException">With <see cref="ErrorCodes.InvalidOption"/>: none of them is set.</exception>
    public static string Resolve(string? option, Func<string, string?>? variable = null)
    {
        variable ??= Environment.GetEnvironmentVariable;
        var named = string.IsNullOrWhiteSpace(option) ? variable(Variable) : option;
        if (!string.IsNullOrWhiteSpace(named))
            return Path.GetFullPath(named);

        // The XDG specification asks that relative values be ignored.
        if (variable("XDG_DATA_HOME") is { } shared && Path.IsPathFullyQualified(shared))
            return Path.Combine(shared, "quiver");
        if (variable("HOME") is { } home && Path.IsPathFullyQualified(home))
            return Path.Combine(home, ".local", "share", "quiver");
        throw new InvalidRequestException(
            ErrorCodes.InvalidOption, $"There is no home directory: say where the data shall lie with --data DIR or {Variable}.");
    }

    /// <summary>Creates a directory that is missing, readable by its owner only; one that exists is left as it is.</summary>
    /// <param name="path">An absolute path.</param>
    /// <exception cref="PermanentException">With <see cref="ErrorCodes.StorageUnavailable"/>.</exception>
    public static void Create(string path)
    {
        try
        {
            if (OperatingSystem.IsWindows())
                Directory.CreateDirectory(path);
            else if (!Directory.Exists(path))
                Directory.CreateDirectory(path, OwnerOnly);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new PermanentException(ErrorCodes.StorageUnavailable, $"The data directory '{path}' cannot be created: {exception.Message}", exception);
        }
    }
}
