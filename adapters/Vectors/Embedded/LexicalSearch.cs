using System.Globalization;
using Quiver.Adapters.Storage.Sqlite;
using Quiver.Core.Lexical;

namespace Quiver.Adapters.Vectors.Embedded;

/// <summary>
/// Searches the full-text index of a scope. FTS5 compares every point that has any term of the query, which takes long for terms that most points
/// of a large collection have and that say least: it is asked for the rarest terms of the query that a limited number of points have together.
/// </summary>
internal sealed class LexicalSearch
{
    /// <summary>Points that a search may compare. A scope that is not larger is always searched for all terms.</summary>
    public const int MaxCompared = 8_192;

    /// <summary>More points than this are not counted again.</summary>
    private const int FrequentPoints = 512;

    private const int MaxKnownTerms = 16_384;

    private readonly Lock _lock = new();
    private readonly Dictionary<(long Scope, string Term), (int Found, int Of)> _known = [];

    /// <summary>Finds the points of a scope that have a term of a text.</summary>
    /// <param name="session">The connection, in a transaction.</param>
    /// <param name="scope">The scope, which has an index.</param>
    /// <param name="points">The number of its points.</param>
    /// <param name="text">The text.</param>
    /// <param name="limit">The most points.</param>
    /// <param name="allowed">The slots whose points pass the filter; null without a filter.</param>
    /// <returns>Slots with their scores of BM25, best first.</returns>
    public List<(int Slot, float Score)> Find(SqliteSession session, long scope, int points, string text, int limit, SlotSet? allowed)
    {
        var terms = LexicalTerms.OfQuery(text);
        if (points > MaxCompared)
        {
            terms = ChooseRarest(session, scope, points, terms);
        }

        List<(int Slot, float Score)> found = [];
        if (terms.Count == 0)
        {
            return found;
        }

        var name = LexicalTables.Name(scope);
        using var row = session.Rows(
            $"SELECT rowid, rank FROM {name} WHERE {name} MATCH @terms ORDER BY rank{(allowed is null ? " LIMIT @limit" : "")}",
            allowed is null ? [("@terms", Expression(terms)), ("@limit", limit)] : [("@terms", Expression(terms))]);
        while (found.Count < limit && row.Read())
        {
            var slot = (int)row.Integer(0);
            if (allowed?.Contains(slot) != false)
            {
                // FTS5 negates scores, so that the best one sorts first.
                found.Add((slot, (float)-row.Real(1)));
            }
        }

        return found;
    }

    /// <summary>Any of the terms. Each is quoted, although no term has a quote: then nothing in it is syntax.</summary>
    private static string Expression(IReadOnlyList<string> terms) =>
        string.Join(" OR ", terms.Select(static term => $"\"{term.Replace("\"", "\"\"", StringComparison.Ordinal)}\""));

    private List<string> ChooseRarest(SqliteSession session, long scope, int points, IReadOnlyList<string> terms)
    {
        List<string> chosen = [];
        var compared = 0L;
        foreach (var (term, found) in terms.Select(term => (Term: term, Points: CountPoints(session, scope, points, term))).Where(static term => term.Points > 0)
            .OrderBy(static term => term.Points))
        {
            compared += found;
            if (chosen.Count > 0 && compared > MaxCompared)
            {
                break;
            }

            chosen.Add(term);
        }

        return chosen;
    }

    /// <summary>
    /// The number of points with a term. Counting reads all of them, so that of a frequent term is remembered until the scope is a fifth larger or
    /// smaller.
    /// </summary>
    private int CountPoints(SqliteSession session, long scope, int points, string term)
    {
        lock (_lock)
        {
            if (_known.TryGetValue((scope, term), out var known) && Math.Abs(points - known.Of) <= known.Of / 5)
            {
                return known.Found;
            }
        }

        var count = Convert.ToInt32(session.Scalar($"SELECT doc FROM {LexicalTables.Name(scope)}_terms WHERE term = @term", ("@term", term)), CultureInfo.InvariantCulture);
        if (count > FrequentPoints)
        {
            lock (_lock)
            {
                if (_known.Count >= MaxKnownTerms)
                {
                    _known.Clear();
                }

                _known[(scope, term)] = (count, points);
            }
        }

        return count;
    }
}
