using System.Globalization;
using System.Text;

namespace Quiver.Tests.Chaos;

/// <summary>Generated documents, as JSON Lines: mostly a sentence each, every tenth long enough for several chunks.</summary>
internal static class ChaosDocuments
{
    /// <summary>A document has no more chunks than these.</summary>
    public const int MostSentences = 12;

    private static readonly string[] Words =
    [
        "river", "stone", "cloud", "engine", "garden", "music", "paper", "window", "market", "winter", "signal", "harbour", "forest", "copper",
        "lantern", "bridge", "valley", "kettle", "mirror", "needle", "opens", "carries", "follows", "measures", "hides", "turns", "holds", "quiet",
    ];

    /// <summary>The first version of so many documents.</summary>
    public static void Write(string path, int count, Random random) =>
        File.WriteAllLines(path, Enumerable.Range(0, count).Select(number => Line(number, Text(number, IsLong(number) ? MostSentences : 1, random))));

    /// <summary>Another version: of four documents one is gone, one says something else, one keeps its beginning only, one is as it was.</summary>
    public static void WriteChanged(string path, IReadOnlyList<string> lines, Random random) =>
        File.WriteAllLines(path, lines.Select((line, number) => ((number / 10) % 4) switch
        {
            0 => null,
            1 => Line(number, Text(number, IsLong(number) ? MostSentences : 1, random)),
            2 => line[..(line.IndexOf('.', StringComparison.Ordinal) + 1)] + "\"}",
            _ => line,
        }).OfType<string>());

    /// <summary>A document's place in the first version.</summary>
    public static int NumberOf(string documentId) => int.Parse(documentId.AsSpan(documentId.IndexOf('-', StringComparison.Ordinal) + 1), CultureInfo.InvariantCulture);

    private static bool IsLong(int number) => number % 10 == 5;

    private static string Line(int number, string text) => string.Create(CultureInfo.InvariantCulture, $$"""{"id":"doc-{{number:00000}}","kind":"k{{number % 3}}","text":"{{text}}"}""");

    private static string Text(int number, int sentences, Random random)
    {
        var text = new StringBuilder();
        for (var sentence = 0; sentence < sentences; sentence++)
        {
            text.Append(CultureInfo.InvariantCulture, $"{(sentence == 0 ? "" : " ")}Note {number} part {sentence} says");
            for (var word = 0; word < 8; word++)
            {
                text.Append(' ').Append(Words[random.Next(Words.Length)]);
            }

            text.Append('.');
        }

        return text.ToString();
    }
}
