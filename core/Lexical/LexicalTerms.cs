using System.Collections.Frozen;
using System.Text;

namespace Quiver.Core.Lexical;

/// <summary>The terms of texts and queries, the same for every store. Thread-safe.</summary>
internal static class LexicalTerms
{
    /// <summary>Raised whenever the rules by which a text has terms change.</summary>
    private const int Rules = 1;

    /// <summary>The most different terms of a query; those that come later are left out.</summary>
    public const int MaxQueryTerms = 64;

    /// <summary>
    /// Changes whenever the terms of a text may change: an index with another version must be filled again. The classes of characters are those of
    /// the runtime.
    /// </summary>
    public static int Version { get; } = (Rules * 1000) + Environment.Version.Major;

    private const string FrequentWords =
        "a about all also am an and any are as at be been being but by can could did do does for from had has have having he her here hers him his how i if in "
        + "into is it its me my no nor not of on or our out s she should so such t than that the their them then there these they this those to us was we were "
        + "what when where which while who whom why will with would you your";

    private static readonly FrozenSet<string> FrequentTerms =
        FrequentWords.Split(' ').Select(static word => TermReader<TermList>.Read(word, new([])).Terms[0]).ToFrozenSet(StringComparer.Ordinal);

    /// <summary>All terms of a text in their order, separated by spaces.</summary>
    public static string Write(ReadOnlySpan<char> text) =>
        text.IsEmpty ? "" : TermReader<TermWriter>.Read(text, new(new(text.Length + (text.Length / 4)))).Terms.ToString();

    /// <summary>
    /// The different terms of a query, at most <see cref="MaxQueryTerms"/>, in their order. Without the most frequent English words, unless it has no
    /// others: they say nothing about what is searched for, and nearly every text has them.
    /// </summary>
    public static IReadOnlyList<string> OfQuery(ReadOnlySpan<char> query)
    {
        var all = TermReader<TermList>.Read(query, new([])).Terms.Distinct(StringComparer.Ordinal).ToList();
        var rare = all.Where(static term => !FrequentTerms.Contains(term)).ToList();
        return [.. (rare.Count > 0 ? rare : all).Take(MaxQueryTerms)];
    }

    /// <summary>Finds where a text has terms of a query; ranges that touch or overlap become one.</summary>
    /// <param name="text">The text.</param>
    /// <param name="queryTerms">The terms, as <see cref="OfQuery"/> returns them.</param>
    /// <param name="limit">The most ranges.</param>
    /// <returns>Ascending ranges that do not touch.</returns>
    public static ImmutableArray<TextRange> FindIn(ReadOnlySpan<char> text, HashSet<string> queryTerms, int limit) =>
        queryTerms.Count == 0 ? [] : TermReader<TermFinder>.Read(text, new(queryTerms, limit)).Ranges();

    private readonly struct TermList(List<string> terms) : ITermSink
    {
        public List<string> Terms => terms;

        public void Add(ReadOnlySpan<char> term, int start, int end) => terms.Add(term.ToString());
    }

    private readonly struct TermWriter(StringBuilder terms) : ITermSink
    {
        public StringBuilder Terms => terms;

        public void Add(ReadOnlySpan<char> term, int start, int end)
        {
            if (terms.Length > 0)
            {
                terms.Append(' ');
            }

            terms.Append(term);
        }
    }

    private readonly struct TermFinder : ITermSink
    {
        private readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> _wanted;
        private readonly List<(int Start, int End)> _found = [];
        private readonly int _limit;

        public TermFinder(HashSet<string> wanted, int limit)
        {
            _wanted = wanted.GetAlternateLookup<ReadOnlySpan<char>>();
            _limit = limit;
        }

        public void Add(ReadOnlySpan<char> term, int start, int end)
        {
            if (_wanted.Contains(term))
            {
                _found.Add((start, end));
            }
        }

        /// <summary>The ranges; the whole of an identifier covers its parts.</summary>
        public ImmutableArray<TextRange> Ranges()
        {
            var ranges = ImmutableArray.CreateBuilder<TextRange>();
            _found.Sort();
            foreach (var (start, end) in _found)
            {
                if (ranges.Count > 0 && start <= ranges[^1].End)
                {
                    ranges[^1] = new(ranges[^1].Start, Math.Max(end, ranges[^1].End));
                }
                else if (ranges.Count < _limit)
                {
                    ranges.Add(new(start, end));
                }
                else
                {
                    break;
                }
            }

            return ranges.DrainToImmutable();
        }
    }
}
