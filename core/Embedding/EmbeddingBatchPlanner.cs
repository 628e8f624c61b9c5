namespace Quiver.Core.Embedding;

/// <summary>Packs texts into runs of about equal cost and with little padding: sorted by length, limited by padded tokens and by texts.</summary>
public sealed class EmbeddingBatchPlanner
{
    private readonly int _tokenBudget;
    private readonly int _maxTexts;

    /// <summary>Creates a planner.</summary>
    /// <param name="tokenBudget">Maximum padded tokens in a run, at least 1; a longer text gets a run of its own.</param>
    /// <param name="maxTexts">Maximum texts in a run, at least 1.</param>
    public EmbeddingBatchPlanner(int tokenBudget, int maxTexts)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(tokenBudget, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxTexts, 1);
        (_tokenBudget, _maxTexts) = (tokenBudget, maxTexts);
    }

    /// <summary>Plans the runs. Deterministic; each index appears exactly once.</summary>
    /// <param name="lengths">Tokens of each text, 0 or more.</param>
    public IReadOnlyList<EmbeddingRun> Plan(IReadOnlyList<int> lengths)
    {
        var runs = new List<EmbeddingRun>();
        var order = Enumerable.Range(0, lengths.Count).OrderByDescending(index => lengths[index]).ToImmutableArray();
        for (var start = 0; start < order.Length;)
        {
            // An empty text still takes a row.
            var longest = Math.Max(1, lengths[order[start]]);
            var count = Math.Clamp(_tokenBudget / longest, 1, Math.Min(_maxTexts, order.Length - start));
            var items = order.Slice(start, count);
            runs.Add(new EmbeddingRun(items, longest, items.Sum(index => lengths[index])));
            start += count;
        }

        return runs;
    }
}

/// <summary>Texts that go through a model together.</summary>
/// <param name="Items">Indices into the call's texts, longest text first.</param>
/// <param name="MaxLength">Tokens of the longest text.</param>
/// <param name="TotalLength">Tokens of all texts, without padding.</param>
public sealed record EmbeddingRun(ImmutableArray<int> Items, int MaxLength, int TotalLength);
