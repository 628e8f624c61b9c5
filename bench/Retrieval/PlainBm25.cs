using Quiver.Core.Lexical;

namespace Quiver.Bench.Retrieval;

/// <summary>
/// BM25 as the textbooks have it, over stemmed runs of letters and digits, with everything in memory: what Quiver's lexical half is compared with. Only the
/// stemmer is Quiver's.
/// </summary>
internal sealed class PlainBm25
{
    private const double K1 = 1.2;
    private const double B = 0.75;

    private readonly Dictionary<string, List<(int Document, int Count)>> _postings = new(StringComparer.Ordinal);
    private readonly IReadOnlyList<JudgedText> _documents;
    private readonly int[] _lengths;
    private readonly double _average;

    public PlainBm25(IReadOnlyList<JudgedText> documents)
    {
        _documents = documents;
        _lengths = new int[documents.Count];
        for (var i = 0; i < documents.Count; i++)
        {
            var words = Words(documents[i].Text).ToList();
            _lengths[i] = words.Count;
            foreach (var word in words.CountBy(static word => word))
            {
                if (!_postings.TryGetValue(word.Key, out var list))
                {
                    _postings.Add(word.Key, list = []);
                }

                list.Add((i, word.Value));
            }
        }

        _average = _lengths.Average();
    }

    /// <summary>The best documents, best first.</summary>
    public IReadOnlyList<string> Search(string query, int limit)
    {
        Dictionary<int, double> scores = [];
        foreach (var word in Words(query).Distinct())
        {
            foreach (var (document, count) in _postings.GetValueOrDefault(word, []))
            {
                var weight = Math.Log(1 + ((_documents.Count - _postings[word].Count + 0.5) / (_postings[word].Count + 0.5)));
                var score = weight * count * (K1 + 1) / (count + (K1 * (1 - B + (B * _lengths[document] / _average))));
                scores[document] = scores.GetValueOrDefault(document) + score;
            }
        }

        return [.. scores.OrderByDescending(static pair => pair.Value).ThenBy(static pair => pair.Key).Take(limit).Select(pair => _documents[pair.Key].Id)];
    }

    private static IEnumerable<string> Words(string text)
    {
        for (var start = 0; start < text.Length; start++)
        {
            var end = start;
            while (end < text.Length && char.IsLetterOrDigit(text[end]))
            {
                end++;
            }

            if (end > start)
            {
                var word = text[start..end].ToLowerInvariant().ToCharArray();
                yield return new(word, 0, word.All(char.IsAsciiLetterLower) ? PorterStemmer.Stem(word) : word.Length);
                start = end;
            }
        }
    }
}
