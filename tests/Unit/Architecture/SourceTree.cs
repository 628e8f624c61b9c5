using System.Runtime.CompilerServices;

namespace Quiver.Tests.Unit.Architecture;

/// <summary>The repository's own sources.</summary>
internal static class SourceTree
{
    private static readonly string[] Generated = ["artifacts", "bin", "obj", ".git"];

    public static string Root { get; } = Find();

    /// <summary>C# files below these folders (all of them for none), relative to the root.</summary>
    public static IReadOnlyList<string> Files(params string[] folders) =>
    [
        .. Directory.EnumerateFiles(Root, "*.cs", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Root, path).Replace('\\', '/'))
            .Where(path => !path.Split('/').Any(Generated.Contains))
            .Where(path => folders.Length == 0 || folders.Any(folder => path.StartsWith(folder + "/", StringComparison.Ordinal)))
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>Files whose names match one of these patterns, relative to the root.</summary>
    public static IReadOnlyList<string> Texts(params string[] patterns) =>
    [
        .. patterns.SelectMany(static pattern => Directory.EnumerateFiles(Root, pattern, SearchOption.AllDirectories))
            .Select(static path => Path.GetRelativePath(Root, path).Replace('\\', '/'))
            .Where(static path => !path.Split('/').Any(Generated.Contains))
            .Order(StringComparer.Ordinal),
    ];

    public static string[] Lines(string file) => File.ReadAllLines(Path.Combine(Root, file));

    private static string Find([CallerFilePath] string path = "")
    {
        var folder = Path.GetDirectoryName(path);
        while (folder is not null && !File.Exists(Path.Combine(folder, "Directory.Build.props")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder ?? throw new InvalidOperationException("The tests do not lie in the repository.");
    }
}
