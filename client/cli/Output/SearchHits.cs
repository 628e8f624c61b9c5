using System.Globalization;

namespace Quiver.Cli.Output;

/// <summary>Prints search hits.</summary>
internal static class SearchHits
{
    private const string Indent = "        ";

    /// <summary>Prints each hit with its score, document, line, title and headings, and most relevant lines.</summary>
    public static void Print(CliOutput output, string query, SearchResult result, int width)
    {
        foreach (var note in result.Notes)
        {
            output.Note($"note: {note.Message}");
        }

        if (result.Hits.IsEmpty)
        {
            output.Line("Nothing found.");
        }

        foreach (var hit in result.Hits)
        {
            var snippet = Snippet.Of(hit.Text, query, Math.Max(width - Indent.Length, Indent.Length));
            output.Line($"{hit.Score.ToString("0.000", CultureInfo.InvariantCulture),6}  {Location(hit, snippet.FirstLine)}");
            if (Context(hit) is { Length: > 0 } context)
            {
                output.Line(Indent + Snippet.Cut(context, Math.Max(width - Indent.Length, Indent.Length)));
            }

            foreach (var line in snippet.Lines)
            {
                // A tab has a width of its own on each terminal.
                output.Line(Indent + line.Replace('\t', ' '));
            }
        }
    }

    // The document's name need not be read twice.
    private static string Context(SearchHit hit) =>
        ContextPath.Write(hit.Title is { } title && hit.DocumentId.EndsWith(title, StringComparison.Ordinal) ? null : hit.Title, hit.Headings).ReplaceLineEndings(" ");

    // A document without lines, such as a record of a JSON file, has only its id.
    private static string Location(SearchHit hit, int offset)
    {
        if (hit.StartLine < 1)
        {
            return hit.DocumentId;
        }

        var line = Math.Min(hit.StartLine + offset, Math.Max(hit.EndLine, hit.StartLine));
        return string.Create(CultureInfo.InvariantCulture, $"{hit.DocumentId}:{line}");
    }
}

/// <summary>The lines of a chunk that share most words with a query.</summary>
/// <param name="FirstLine">The 0-based line of the chunk where the snippet starts.</param>
/// <param name="Lines">At most three lines, none blank, each cut to the width.</param>
internal sealed record Snippet(int FirstLine, ImmutableArray<string> Lines)
{
    private const int MaxLines = 3;
    private const int MinWordLength = 3;

    /// <summary>Chooses the window of lines with the most query words; the first one of several.</summary>
    public static Snippet Of(string text, string query, int width)
    {
        var lines = text.ReplaceLineEndings("\n").Split('\n');
        var words = Words(query).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var filled = Enumerable.Range(0, lines.Length).Where(i => !string.IsNullOrWhiteSpace(lines[i])).ToArray();
        if (filled.Length == 0)
        {
            return new(0, []);
        }

        var start = Enumerable.Range(0, Math.Max(1, filled.Length - MaxLines + 1)).MaxBy(Score);
        var shown = filled.AsSpan(start, Math.Min(MaxLines, filled.Length - start)).ToArray();
        return new(shown[0], [.. shown.Select(i => Cut(lines[i].Trim(), width))]);

        int Score(int first) => filled.Skip(first).Take(MaxLines)
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

            if (end - start >= MinWordLength)
            {
                yield return text[start..end];
            }

            start = end + 1;
        }
    }

    /// <summary>A line of at most a width.</summary>
    public static string Cut(string line, int width)
    {
        if (line.Length <= width)
        {
            return line;
        }

        var end = width - 1;
        return (char.IsHighSurrogate(line[end - 1]) ? line[..(end - 1)] : line[..end]) + "…";
    }
}
