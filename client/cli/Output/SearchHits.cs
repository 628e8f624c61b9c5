using System.Buffers;
using System.Globalization;

namespace Quiver.Cli.Output;

/// <summary>Prints search hits.</summary>
internal static class SearchHits
{
    private const string Indent = "        ";

    /// <summary>
    /// Prints each hit with its score, document, line, title and headings, and most relevant lines, of which the words of the query are emphasized.
    /// </summary>
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
            var snippet = Snippet.Of(hit.Text, query, hit.Highlights, Math.Max(width - Indent.Length, Indent.Length));
            output.Line($"{hit.Score.ToString("0.000", CultureInfo.InvariantCulture),6}  {Location(hit, snippet.FirstLine)}");
            if (Context(hit) is { Length: > 0 } context)
            {
                output.Line(Indent + SnippetLine.Cut(context, Math.Max(width - Indent.Length, Indent.Length)));
            }

            foreach (var line in snippet.Lines)
            {
                // A tab has a width of its own on each terminal.
                output.Line(Indent, line.Text.Replace('\t', ' '), line.Marks);
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
internal sealed record Snippet(int FirstLine, ImmutableArray<SnippetLine> Lines)
{
    private const int MaxLines = 3;
    private const int MinWordLength = 3;
    private static readonly SearchValues<char> LineEnds = SearchValues.Create("\r\n\f\u0085\u2028\u2029");

    /// <summary>Chooses the window of lines with the most highlighted words, or without highlights the most query words; the first one of several.</summary>
    public static Snippet Of(string text, string query, ImmutableArray<TextRange> highlights, int width)
    {
        highlights = highlights.IsDefault ? [] : highlights;
        var lines = SplitLines(text);
        var words = Words(query).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var filled = Enumerable.Range(0, lines.Count).Where(i => !text.AsSpan(lines[i].Start, lines[i].End - lines[i].Start).IsWhiteSpace()).ToArray();
        if (filled.Length == 0)
        {
            return new(0, []);
        }

        var start = Enumerable.Range(0, Math.Max(1, filled.Length - MaxLines + 1)).MaxBy(Score);
        var shown = filled.AsSpan(start, Math.Min(MaxLines, filled.Length - start)).ToArray();
        return new(shown[0], [.. shown.Select(i => SnippetLine.Of(text, lines[i], highlights, width))]);

        int Score(int first) => filled.Skip(first).Take(MaxLines).SelectMany(WordsIn).Distinct(StringComparer.OrdinalIgnoreCase).Count();

        IEnumerable<string> WordsIn(int i) => highlights.IsEmpty
            ? Words(text[lines[i].Start..lines[i].End]).Where(words.Contains)
            : highlights.Where(mark => mark.Start >= lines[i].Start && mark.End <= lines[i].End).Select(mark => text[mark.Start..mark.End]);
    }

    /// <summary>The lines of a text without their ends.</summary>
    private static List<TextRange> SplitLines(string text)
    {
        List<TextRange> lines = [];
        var start = 0;
        for (int length; (length = text.AsSpan(start).IndexOfAny(LineEnds)) >= 0;)
        {
            lines.Add(new(start, start + length));
            start += length + (text.AsSpan(start + length).StartsWith("\r\n") ? 2 : 1);
        }

        lines.Add(new(start, text.Length));
        return lines;
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
}

/// <summary>A line of a snippet.</summary>
/// <param name="Text">The line without white space around it, cut to the width.</param>
/// <param name="Marks">Its parts to emphasize, ascending.</param>
internal sealed record SnippetLine(string Text, ImmutableArray<TextRange> Marks)
{
    /// <summary>Creates a line of a part of a text.</summary>
    public static SnippetLine Of(string text, TextRange line, ImmutableArray<TextRange> highlights, int width)
    {
        var whole = text[line.Start..line.End];
        var start = line.Start + (whole.Length - whole.TrimStart().Length);
        var shown = Cut(whole.Trim(), width);
        var end = start + shown.TrimEnd('…').Length;
        return new(
            shown,
            [
                .. highlights.Select(mark => new TextRange(Math.Max(mark.Start, start) - start, Math.Min(mark.End, end) - start))
                    .Where(static mark => mark.Start < mark.End),
            ]);
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
