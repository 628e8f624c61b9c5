using System.Globalization;

namespace Quiver.Cli.Output;

/// <summary>Prints what a search found.</summary>
internal static class Hits
{
    private const string Indent = "        ";

    /// <summary>Each hit with its score, where it is and the lines that say most.</summary>
    public static void Write(CliOutput output, string query, ImmutableArray<SearchHit> hits, int width)
    {
        if (hits.IsEmpty)
        {
            output.Line("Nothing found.");
        }

        foreach (var hit in hits)
        {
            var snippet = Snippet.Of(hit.Text, query, Math.Max(width - Indent.Length, Indent.Length));
            output.Line($"{hit.Score.ToString("0.000", CultureInfo.InvariantCulture),6}  {Place(hit, snippet.FirstLine)}");
            foreach (var line in snippet.Lines)
            {
                output.Line(Indent + line);
            }
        }
    }

    // A document without lines (a record of a JSON file) is named by its id alone.
    private static string Place(SearchHit hit, int offset)
    {
        if (hit.StartLine < 1)
        {
            return hit.DocumentId;
        }

        var line = Math.Min(hit.StartLine + offset, Math.Max(hit.EndLine, hit.StartLine));
        return string.Create(CultureInfo.InvariantCulture, $"{hit.DocumentId}:{line}");
    }
}
