namespace Quiver.Cli.Commands.Demo;

/// <summary>What the demo reads.</summary>
/// <param name="Path">An absolute path.</param>
/// <param name="IsQuiver">Whether it is Quiver's documentation, which the demo has questions about.</param>
internal sealed record DemoCorpus(string Path, bool IsQuiver)
{
    /// <summary>Where Quiver's documentation lies beside the executable.</summary>
    public const string Folder = "demo";

    /// <summary>The path given, else Quiver's documentation.</summary>
    /// <param name="path">A file or folder; null for Quiver's documentation.</param>
    /// <param name="currentDirectory">Relative paths start here.</param>
    /// <param name="executableDirectory">Where the executable is.</param>
    /// <exception cref="NotFoundException">With <see cref="CliErrorCodes.DemoNotFound"/> or <see cref="ErrorCodes.PathNotFound"/>.</exception>
    public static DemoCorpus Find(string? path, string currentDirectory, string executableDirectory)
    {
        if (path is null)
        {
            var shipped = System.IO.Path.Combine(executableDirectory, Folder);
            return Directory.Exists(shipped)
                ? new(shipped, true)
                : throw new NotFoundException(
                    CliErrorCodes.DemoNotFound, $"This build lacks the documents of the demo, '{shipped}': build Quiver again, or name a folder with text, as in quiver demo PATH.");
        }

        var full = System.IO.Path.GetFullPath(path, currentDirectory);
        return Directory.Exists(full) || File.Exists(full)
            ? new(full, false)
            : throw new NotFoundException(ErrorCodes.PathNotFound, $"There is no file or folder '{full}'.");
    }
}
