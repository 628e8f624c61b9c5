namespace Quiver.Silo.Options;

/// <summary>Finds the name that a misspelt one probably means, ignoring case.</summary>
internal static class SimilarName
{
    private const int MaxEdits = 3;
    private const int MinPrefixLength = 4;

    /// <summary>The most similar name; null when no name is similar.</summary>
    public static string? Find(string written, IEnumerable<string> names)
    {
        var known = names.ToList();
        var allowed = Math.Clamp(written.Length / 3, 1, MaxEdits);
        var near = known.Select(name => (Name: name, Edits: Edits(written, name)))
            .Where(found => found.Edits <= allowed)
            .OrderBy(static found => found.Edits)
            .ToList();
        if (near.Count > 0)
        {
            return near[0].Name;
        }

        var begun = known.Where(name => Begins(written, name) || Begins(name, written)).Take(2).ToList();
        return begun.Count == 1 ? begun[0] : null;
    }

    /// <summary>True when the longer name begins with the shorter one, give or take one edit.</summary>
    private static bool Begins(string shorter, string longer) =>
        shorter.Length >= MinPrefixLength && longer.Length > shorter.Length && Edits(shorter, longer[..shorter.Length]) <= 1;

    /// <summary>Damerau-Levenshtein distance: letters to insert, to delete, to replace, or to swap with their neighbour.</summary>
    private static int Edits(string written, string name)
    {
        string from = written.ToUpperInvariant(), to = name.ToUpperInvariant();
        int[][] counts = [.. Enumerable.Range(0, from.Length + 1).Select(_ => new int[to.Length + 1])];
        for (var i = 0; i <= from.Length; i++)
        {
            for (var j = 0; j <= to.Length; j++)
            {
                counts[i][j] = i == 0 || j == 0 ? i + j : Cheapest(i, j);
            }
        }

        return counts[from.Length][to.Length];

        int Cheapest(int i, int j)
        {
            var same = from[i - 1] == to[j - 1] ? 0 : 1;
            var least = Math.Min(Math.Min(counts[i - 1][j], counts[i][j - 1]) + 1, counts[i - 1][j - 1] + same);
            var swapped = i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1];
            return swapped ? Math.Min(least, counts[i - 2][j - 2] + 1) : least;
        }
    }
}
