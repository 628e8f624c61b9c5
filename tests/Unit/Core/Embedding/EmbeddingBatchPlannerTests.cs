using FsCheck;
using FsCheck.Fluent;
using Quiver.Core.Embedding;

namespace Quiver.Tests.Unit.Core.Embedding;

public sealed class EmbeddingBatchPlannerTests
{
    [Fact]
    public void Plan_AnyLengths_TakesEachTextOnceWithinTheBudget() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(300), Prop.ForAll<byte[], PositiveInt, PositiveInt>((lengths, budget, texts) =>
        {
            int[] tokens = [.. (lengths ?? []).Select(length => (int)length)];

            var runs = new EmbeddingBatchPlanner(budget.Get, texts.Get).Plan(tokens);

            return runs.SelectMany(run => run.Items).Order().SequenceEqual(Enumerable.Range(0, tokens.Length))
                && runs.All(run => run.Items.Length == 1 || run.MaxLength * run.Items.Length <= budget.Get)
                && runs.All(run => run.Items.Length <= texts.Get && run.Items.All(item => tokens[item] <= run.MaxLength))
                && runs.All(run => run.TotalLength == run.Items.Sum(item => tokens[item]));
        }));

    [Fact]
    public void Plan_MixedLengths_PutsTextsOfLikeLengthTogether()
    {
        var runs = new EmbeddingBatchPlanner(tokenBudget: 200, maxTexts: 64).Plan([100, 10, 100, 10, 10, 100]);

        int[][] expected = [[0, 2], [5, 1], [3, 4]];
        Assert.Equal(expected, runs.Select(run => run.Items.ToArray()));
    }

    [Fact]
    public void Plan_TextBeyondTheBudget_GoesAlone()
    {
        var runs = new EmbeddingBatchPlanner(tokenBudget: 50, maxTexts: 64).Plan([10, 500]);

        Assert.Equal([1], runs[0].Items);
        Assert.Equal([0], runs[1].Items);
    }
}
