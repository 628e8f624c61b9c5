namespace Quiver.Core.Sources;

/// <summary>Short unique names for roots.</summary>
internal static class RootPrefixes
{
    /// <summary>The id of a file: its path relative to its root behind the root's prefix, where there is one.</summary>
    public static string Join(string prefix, string relativePath)
    {
        if (relativePath.Length == 0)
        {
            return prefix;
        }

        return prefix.Length == 0 ? relativePath : $"{prefix}/{relativePath}";
    }

    /// <summary>The last name of each path, with as few parents before it as make all of them different.</summary>
    public static string[] Of(IReadOnlyList<string> paths, char separator)
    {
        var names = paths.Select(path => path.Split(separator, StringSplitOptions.RemoveEmptyEntries)).ToArray();
        var taken = names.Select(_ => 1).ToArray();
        while (true)
        {
            var prefixes = names.Select((parts, i) => string.Join('/', parts.TakeLast(taken[i]))).ToArray();
            var clashes = prefixes.Select((prefix, i) => (prefix, i)).GroupBy(entry => entry.prefix, entry => entry.i, StringComparer.Ordinal)
                .Where(group => group.Count() > 1).SelectMany(group => group).Where(i => taken[i] < names[i].Length).ToArray();
            if (clashes.Length == 0)
            {
                return prefixes;
            }

            foreach (var i in clashes)
            {
                taken[i]++;
            }
        }
    }
}
