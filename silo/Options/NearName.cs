namespace Quiver.Silo.Options;

/// <summary>Which of some names was probably meant by one that was misspelt. Case does not count.</summary>
internal static class NearName
{
    private const int MostMistakes = 3;
    private const int LeastBeginning = 4;

    /// <summary>The nearest name; null when none is near.</summary>
    /// <param name="written">What was written.</param>
    /// <param name="names">The names that there are.</param>
    public static string? Find(string written, IEnumerable<string> names)
    {
        var known = names.ToList();
        var allowed = Math.Clamp(written.Length / 3, 1, MostMistakes);
        var near = known.Select(name => (Name: name, Mistakes: Mistakes(written, name))).Where(found => found.Mistakes <= allowed).OrderBy(static found => found.Mistakes).ToList();
        if (near.Count > 0)
        {
            return near[0].Name;
        }

        var begun = known.Where(name => Begins(written, name) || Begins(name, written)).Take(2).ToList();
        return begun.Count == 1 ? begun[0] : null;
    }

    /// <summary>Whether a longer name begins like a shorter one, but for one mistake.</summary>
    private static bool Begins(string shorter, string longer) =>
        shorter.Length >= LeastBeginning && longer.Length > shorter.Length && Mistakes(shorter, longer[..shorter.Length]) <= 1;

    /// <summary>Letters to add, to leave out, to replace, or to swap with their neighbour.</summary>
    private static int Mistakes(string written, string name)
    {
        string from = written.ToUpperInvariant(), to = name.ToUpperInvariant();
        int[][] counts = [.. Enumerable.Range(0, from.Length + 1).Select(_ => new int[to.Length + 1])];
        for (var i = 0; i <= from.Length; i++)
        {
            for (var j = 0; j <= to.Length; j++)
            {
                counts[i][j] = i == 0 || j == 0 ? i + j : Least(i, j);
            }
        }

        return counts[from.Length][to.Length];

        int Least(int i, int j)
        {
            var same = from[i - 1] == to[j - 1] ? 0 : 1;
            var least = Math.Min(Math.Min(counts[i - 1][j], counts[i][j - 1]) + 1, counts[i - 1][j - 1] + same);
            var swapped = i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1];
            return swapped ? Math.Min(least, counts[i - 2][j - 2] + 1) : least;
        }
    }
}
