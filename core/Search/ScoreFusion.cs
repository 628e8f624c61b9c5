namespace Quiver.Core.Search;

/// <summary>A candidate of one half of a search.</summary>
/// <param name="Id">The point.</param>
/// <param name="Score">Its score, finite.</param>
internal readonly record struct Candidate(Guid Id, float Score);

/// <summary>A candidate of either half, with its place in each.</summary>
/// <param name="Id">The point.</param>
/// <param name="Score">From 0 to 1, higher is better.</param>
/// <param name="Dense">Its place among the vectors; null when it is not among the candidates.</param>
/// <param name="Lexical">Its place by words; null when it is not among the candidates.</param>
internal sealed record FusedCandidate(Guid Id, float Score, HitRank? Dense, HitRank? Lexical);

/// <summary>
/// Fuses the candidates of a dense and a lexical search by the weighted sum of their scores, of which each half's are first scaled to 1 for its best
/// candidate and 0 for its worst one (min-max), or for a point without any word of the query. A half in which a point is no candidate adds nothing
/// to it.
/// </summary>
internal static class ScoreFusion
{
    private const int CandidatesPerHit = 4;
    private const int MinDepth = 100;
    private const int MaxDepth = 1000;

    /// <summary>The number of candidates that each half should have for a number of hits.</summary>
    /// <param name="limit">Hits, 1 to 1,000.</param>
    public static int Depth(int limit) => Math.Clamp(limit * CandidatesPerHit, MinDepth, MaxDepth);

    /// <summary>Returns the candidates of both halves, best first; equal scores by id. The order depends on nothing else.</summary>
    /// <param name="dense">Best first, each point once; lower scores may be the better ones.</param>
    /// <param name="lexical">Best first, each point once, scores above 0.</param>
    /// <param name="depth">The most candidates that each half could have; with fewer lexical ones, all other points have a score of 0.</param>
    /// <param name="lexicalWeight">0 to 1.</param>
    public static IReadOnlyList<FusedCandidate> Fuse(IReadOnlyList<Candidate> dense, IReadOnlyList<Candidate> lexical, int depth, double lexicalWeight)
    {
        var (nearest, farthest) = dense.Count > 0 ? (dense[0].Score, dense[^1].Score) : default;
        var (best, worst) = lexical.Count > 0 ? (lexical[0].Score, lexical.Count < depth ? 0 : lexical[^1].Score) : default;
        var fused = new Dictionary<Guid, (double Score, HitRank? Dense, HitRank? Lexical)>(dense.Count + lexical.Count);
        for (var i = 0; i < dense.Count; i++)
        {
            fused[dense[i].Id] = ((1 - lexicalWeight) * Scale(dense[i].Score, nearest, farthest), new(i + 1, dense[i].Score), null);
        }

        for (var i = 0; i < lexical.Count; i++)
        {
            var known = fused.GetValueOrDefault(lexical[i].Id);
            fused[lexical[i].Id] = (known.Score + (lexicalWeight * Scale(lexical[i].Score, best, worst)), known.Dense, new(i + 1, lexical[i].Score));
        }

        // Sorted by what is returned: two scores that differ only beyond a float's digits are equal for everyone who sees them.
        return
        [
            .. fused.Select(static pair => new FusedCandidate(pair.Key, (float)Math.Min(pair.Value.Score, 1), pair.Value.Dense, pair.Value.Lexical))
                .OrderByDescending(static candidate => candidate.Score)
                .ThenBy(static candidate => candidate.Id),
        ];
    }

    /// <summary>A score between the worst one, 0, and the best one, 1; 1 when all are equal.</summary>
    private static double Scale(double score, double best, double worst) => best == worst ? 1 : (score - worst) / (best - worst);
}
