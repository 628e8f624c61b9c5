namespace Quiver.Core.Sources;

/// <summary>Short names for roots that tell them apart.</summary>
internal static class RootPrefixes
{
    /// <summary>The last name of each path, with as many parents before it as it takes for no two to be equal.</summary>
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
