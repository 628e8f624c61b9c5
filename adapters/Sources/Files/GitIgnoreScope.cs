using Quiver.Core.Sources;

namespace Quiver.Adapters.Sources.Files;

/// <summary>The <c>.gitignore</c> files that apply to a folder, the nearest first.</summary>
internal sealed class GitIgnoreScope
{
    private const string FileName = ".gitignore";
    private const long MaxFileBytes = 1024 * 1024;
    private readonly GitIgnoreScope? _parent;
    private readonly GitIgnoreFile _file;
    private readonly string _folder;

    private GitIgnoreScope(GitIgnoreScope? parent, GitIgnoreFile file, string folder)
    {
        _parent = parent;
        _file = file;
        _folder = Path.TrimEndingDirectorySeparator(folder);
    }

    /// <summary>The files in the folders above <paramref name="folder"/>, up to the root of its git work tree.</summary>
    public static GitIgnoreScope? Above(string folder)
    {
        var parents = new Stack<string>();
        for (var parent = folder; !IsWorkTree(parent); parent = parents.Peek())
        {
            if (Path.GetDirectoryName(parent) is not { } above)
            {
                return null;
            }

            parents.Push(above);
        }

        GitIgnoreScope? scope = null;
        foreach (var parent in parents)
        {
            scope = Enter(scope, parent);
        }

        return scope;
    }

    /// <summary>The scope inside a folder: the one around it and the folder's own file, if it has one.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static GitIgnoreScope? Enter(GitIgnoreScope? around, string folder)
    {
        // Like git, Quiver does not follow a link here.
        var file = new FileInfo(Path.Join(folder, FileName));
        if (!file.Exists || file.LinkTarget is not null || file.Length is 0 or > MaxFileBytes)
        {
            return around;
        }

        return new GitIgnoreScope(around, GitIgnoreFile.Parse(File.ReadAllText(file.FullName)), folder);
    }

    /// <summary>Whether a file or folder is ignored, given that its parent folders are not.</summary>
    public bool Ignores(string absolutePath, bool isFolder)
    {
        for (var scope = this; scope is not null; scope = scope._parent)
        {
            var path = absolutePath[(scope._folder.Length + 1)..].Replace(Path.DirectorySeparatorChar, '/');
            if (scope._file.Decides(path, isFolder) is { } ignored)
            {
                return ignored;
            }
        }

        return false;
    }

    private static bool IsWorkTree(string folder) => Path.Exists(Path.Join(folder, ".git"));
}
