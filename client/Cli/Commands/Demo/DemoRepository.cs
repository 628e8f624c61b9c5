namespace Quiver.Client.Cli.Commands.Demo;

/// <summary>What the demo reads.</summary>
/// <param name="Path">An absolute path.</param>
/// <param name="IsQuiver">Whether it is a copy of Quiver's repository, which the demo has questions about.</param>
internal sealed record DemoRepository(string Path, bool IsQuiver)
{
    private const string Mark = "Orleans.sln";

    /// <summary>The path given, else the first folder at or above one of the starting points that is Quiver's repository.</summary>
    /// <exception cref="NotFoundException">With <see cref="CliErrorCodes.RepositoryNotFound"/> or <see cref="ErrorCodes.PathNotFound"/>.</exception>
    public static DemoRepository Find(string? path, string currentDirectory, string executableDirectory)
    {
        if (path is null)
            return new(Above(currentDirectory) ?? Above(executableDirectory) ?? throw Nowhere(), true);
        var full = System.IO.Path.GetFullPath(path, currentDirectory);
        return Directory.Exists(full) || File.Exists(full)
            ? new(full, IsRoot(full))
            : throw new NotFoundException(ErrorCodes.PathNotFound, $"There is no file or folder '{full}'.");
    }

    private static NotFoundException Nowhere() => new(
        CliErrorCodes.RepositoryNotFound,
        "Neither here nor beside the executable is a copy of Quiver's repository: name one, or any folder with text, as in quiver demo PATH.");

    private static string? Above(string start)
    {
        for (var folder = start; folder is not null; folder = System.IO.Path.GetDirectoryName(folder))
        {
            if (IsRoot(folder))
                return folder;
        }

        return null;
    }

    private static bool IsRoot(string folder) => File.Exists(System.IO.Path.Combine(folder, Mark));
}
