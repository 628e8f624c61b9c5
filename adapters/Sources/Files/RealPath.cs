namespace Quiver.Adapters.Sources.Files;

/// <summary>Resolves symbolic links.</summary>
internal static class RealPath
{
    private const int MaxLinks = 40;

    /// <summary>Resolves every link of an absolute path; a part that does not exist stays as it is.</summary>
    /// <exception cref="IOException">The links form a cycle.</exception>
    public static string Resolve(string path)
    {
        var links = 0;
        var pending = new Stack<string>();
        var resolved = Split(Path.GetFullPath(path), pending);
        while (pending.TryPop(out var name))
        {
            if (name == "..")
            {
                resolved = Path.GetDirectoryName(resolved) ?? resolved;
                continue;
            }

            var next = Path.Join(resolved, name);
            if (new FileInfo(next).LinkTarget is not { } target)
            {
                resolved = next;
                continue;
            }

            if (++links > MaxLinks)
            {
                throw new IOException($"The links of '{path}' form a cycle.");
            }

            if (Path.IsPathRooted(target))
            {
                resolved = Split(target, pending);
            }
            else
            {
                Push(target, pending);
            }
        }

        return resolved;
    }

    /// <summary>Whether a path is a folder or inside it; both absolute.</summary>
    public static bool IsWithin(string path, string folder)
    {
        var prefix = Path.TrimEndingDirectorySeparator(folder);
        return path.StartsWith(prefix, StringComparison.Ordinal)
            && (path.Length == prefix.Length || Path.EndsInDirectorySeparator(prefix) || path[prefix.Length] == Path.DirectorySeparatorChar);
    }

    private static string Split(string path, Stack<string> pending)
    {
        var root = Path.GetPathRoot(path) ?? "";
        Push(path[root.Length..], pending);
        return root;
    }

    private static void Push(string path, Stack<string> pending)
    {
        foreach (var name in path.Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries).Reverse())
        {
            if (name != ".")
            {
                pending.Push(name);
            }
        }
    }
}
