namespace Quiver.Silo.Commands.Doctor;

/// <summary>Looks for programs as a shell does.</summary>
internal static class ExecutableSearch
{
    private static readonly string[] Endings = OperatingSystem.IsWindows() ? [".exe", ".cmd", ".bat"] : [""];

    /// <summary>Whether a program is on the search path.</summary>
    public static bool Finds(string name, string? searchPath) =>
        (searchPath ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Any(folder => Endings.Any(ending => File.Exists(Path.Combine(folder, name + ending))));
}
