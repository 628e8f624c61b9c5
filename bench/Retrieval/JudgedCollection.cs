using System.IO.Compression;

namespace Quiver.Bench.Retrieval;

/// <summary>A text with its id.</summary>
internal sealed record JudgedText(string Id, string Text);

/// <summary>
/// A collection of documents with queries of which it is known which documents answer them: <c>docs.tsv.gz</c> id⇥title⇥text, <c>queries.tsv</c>
/// id⇥text, <c>qrels.tsv</c> query⇥document⇥1.
/// </summary>
internal sealed class JudgedCollection
{
    private JudgedCollection(string name, List<JudgedText> documents, List<JudgedText> queries, ILookup<string, string> relevant)
    {
        Name = name;
        Documents = documents;
        Queries = queries;
        Relevant = relevant;
    }

    public string Name { get; }

    public IReadOnlyList<JudgedText> Documents { get; }

    /// <summary>Those that have a relevant document.</summary>
    public IReadOnlyList<JudgedText> Queries { get; }

    /// <summary>The relevant documents of each query.</summary>
    public ILookup<string, string> Relevant { get; }

    /// <summary>Reads all collections of a directory, in the order of their names.</summary>
    public static IReadOnlyList<JudgedCollection> ReadAll(string directory) =>
    [
        .. Directory.EnumerateDirectories(directory).Where(static folder => File.Exists(Path.Combine(folder, "qrels.tsv"))).Order(StringComparer.Ordinal).Select(Read),
    ];

    /// <summary>How good a ranking is: the discounted cumulative gain of the first ten, 1 for the best possible one.</summary>
    public double Ndcg10(string query, IReadOnlyList<string> ranking)
    {
        const int depth = 10;
        var relevant = Relevant[query].ToHashSet(StringComparer.Ordinal);
        var gain = ranking.Take(depth).Select((document, i) => relevant.Contains(document) ? Discount(i) : 0).Sum();
        return gain / Enumerable.Range(0, Math.Min(depth, relevant.Count)).Sum(Discount);

        static double Discount(int index) => 1 / Math.Log2(index + 2);
    }

    /// <summary>The share of the relevant documents that the first hundred have.</summary>
    public double Recall100(string query, IReadOnlyList<string> ranking)
    {
        var relevant = Relevant[query].ToHashSet(StringComparer.Ordinal);
        return (double)ranking.Take(100).Count(relevant.Contains) / relevant.Count;
    }

    private static JudgedCollection Read(string folder)
    {
        using var packed = new GZipStream(File.OpenRead(Path.Combine(folder, "docs.tsv.gz")), CompressionMode.Decompress);
        using var reader = new StreamReader(packed);
        List<JudgedText> documents = [];
        while (reader.ReadLine() is { } line)
        {
            var parts = line.Split('\t');
            documents.Add(new(parts[0], $"{parts[1]} {parts[2]}".Trim()));
        }

        var relevant = Rows(folder, "qrels.tsv").ToLookup(static row => row[0], static row => row[1]);
        var queries = Rows(folder, "queries.tsv").Where(row => relevant.Contains(row[0])).Select(static row => new JudgedText(row[0], row[1])).ToList();
        return new(Path.GetFileName(folder), documents, queries, relevant);
    }

    private static IEnumerable<string[]> Rows(string folder, string file) => File.ReadLines(Path.Combine(folder, file)).Select(static line => line.Split('\t'));
}
