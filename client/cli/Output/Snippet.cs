namespace Quiver.Cli.Output;

/// <summary>The few lines of a chunk that have most to do with a question.</summary>
/// <param name="FirstLine">The 0-based line of the chunk that the first of them is.</param>
/// <param name="Lines">At most three, none blank, each cut to the width.</param>
internal sealed record Snippet(int FirstLine, ImmutableArray<string> Lines)
{
    private const int MostLines = 3;
    private const int ShortestWord = 3;

    /// <summary>Chooses the window of lines that holds most of the question's words; the first of equals.</summary>
    public static Snippet Of(string text, string query, int width)
    {
        var lines = text.ReplaceLineEndings("\n").Split('\n');
        var words = Words(query).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var filled = Enumerable.Range(0, lines.Length).Where(i => !string.IsNullOrWhiteSpace(lines[i])).ToArray();
        if (filled.Length == 0)
        {
            return new(0, []);
        }

        var start = Enumerable.Range(0, Math.Max(1, filled.Length - MostLines + 1)).MaxBy(Score);
        var shown = filled.AsSpan(start, Math.Min(MostLines, filled.Length - start)).ToArray();
        return new(shown[0], [.. shown.Select(i => Cut(lines[i].Trim(), width))]);

        int Score(int first) => filled.Skip(first).Take(MostLines)
            .SelectMany(i => Words(lines[i]))
            .Where(words.Contains)
            .Distinct(StringComparer.OrdinalIgnoreCase)
            .Count();
    }

    private static IEnumerable<string> Words(string text)
    {
        for (var start = 0; start < text.Length;)
        {
            var end = start;
            while (end < text.Length && char.IsLetterOrDigit(text[end]))
            {
                end++;
            }

            if (end - start >= ShortestWord)
            {
                yield return text[start..end];
            }

            start = end + 1;
        }
    }

    private static string Cut(string line, int width)
    {
        if (line.Length <= width)
        {
            return line;
        }

        var end = width - 1;
        return (char.IsHighSurrogate(line[end - 1]) ? line[..(end - 1)] : line[..end]) + "…";
    }
}
