using Quiver.Core.Search;
using Quiver.Tests.Support;

namespace Quiver.Tests.Unit.Core.Search;

public sealed class ScoreFusionTests
{
    [Fact]
    public void Fuse_TwoHalves_WeighsScaledScores()
    {
        var fused = ScoreFusion.Fuse([new(Id(1), 0.9f), new(Id(2), 0.6f), new(Id(3), 0.5f)], [new(Id(2), 12), new(Id(4), 2)], 2, 0.4);

        Assert.Equal([Id(1), Id(2), Id(3), Id(4)], fused.Select(candidate => candidate.Id));
        Assert.Equal(0.6, fused[0].Score, 1e-6);
        Assert.Equal((0.6 * 0.25) + 0.4, fused[1].Score, 1e-6);
        Assert.Equal((new HitRank(2, 0.6f), new HitRank(1, 12)), (fused[1].Dense, fused[1].Lexical));
        Assert.Equal((new HitRank(3, 0.5f), null, 0f), (fused[2].Dense, fused[2].Lexical, fused[2].Score));
        Assert.Equal((null, new HitRank(2, 2), 0f), (fused[3].Dense, fused[3].Lexical, fused[3].Score));
    }

    [Fact]
    public void Fuse_FewPointsWithWords_ScalesThemFromNothing()
    {
        var fused = ScoreFusion.Fuse([new(Id(1), 0.9f), new(Id(2), 0.5f)], [new(Id(3), 12), new(Id(4), 9)], 100, 0.4);

        Assert.Equal([Id(1), Id(3), Id(4), Id(2)], fused.Select(candidate => candidate.Id));
        Assert.Equal(0.4, fused[1].Score, 1e-6);
        Assert.Equal(0.3, fused[2].Score, 1e-6);
    }

    [Fact]
    public void Fuse_Distances_TakesLowerOnesForBetter()
    {
        var fused = ScoreFusion.Fuse([new(Id(2), 0.1f), new(Id(1), 0.5f), new(Id(3), 2.1f)], [], 100, 0.4);

        Assert.Equal([Id(2), Id(1), Id(3)], fused.Select(candidate => candidate.Id));
        Assert.Equal([0.6f, 0.48f, 0f], fused.Select(candidate => MathF.Round(candidate.Score, 4)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Fuse_EqualScores_AreAllTheBestAndOrderedById(int count)
    {
        var half = Enumerable.Range(1, count).Reverse().Select(i => new Candidate(Id(i), 0.5f)).ToList();

        var fused = ScoreFusion.Fuse(half, half, count, 0.4);

        Assert.Equal(Enumerable.Range(1, count).Select(Id), fused.Select(candidate => candidate.Id));
        Assert.All(fused, candidate => Assert.Equal(1f, candidate.Score));
    }

    [Fact]
    public void Fuse_Nothing_GivesNothing() => Assert.Empty(ScoreFusion.Fuse([], [], 100, 0.4));

    [Theory]
    [InlineData(1, 100)]
    [InlineData(50, 200)]
    [InlineData(100, 400)]
    [InlineData(1000, 1000)]
    public void Depth_IsDeeperThanTheHits(int limit, int depth) => Assert.Equal(depth, ScoreFusion.Depth(limit));

    [Fact]
    public void Fuse_AnyHalves_KeepsTheContract()
    {
        var random = Seed.For(nameof(Fuse_AnyHalves_KeepsTheContract));
        for (var round = 0; round < 2_000; round++)
        {
            var dense = Half(random, ascending: random.Next(4) == 0);
            var lexical = Half(random, ascending: false);
            var depth = Math.Max(1, lexical.Count) + random.Next(2);
            var weight = random.Next(5) switch { 0 => 0, 1 => 1, _ => random.NextDouble() };

            var fused = ScoreFusion.Fuse(dense, lexical, depth, weight);

            Assert.Equal(dense.Concat(lexical).Select(candidate => candidate.Id).Distinct().Order(), fused.Select(candidate => candidate.Id).Order());
            Assert.All(fused, candidate => Assert.InRange(candidate.Score, 0, 1));
            Assert.Equal(fused.OrderByDescending(candidate => candidate.Score).ThenBy(candidate => candidate.Id), fused);
            Assert.Equal(dense.Select((candidate, i) => (candidate.Id, i + 1)).Order(), fused.Where(candidate => candidate.Dense is not null).Select(candidate => (candidate.Id, candidate.Dense!.Rank)).Order());
            Assert.Equal(lexical.Select((candidate, i) => (candidate.Id, i + 1)).Order(), fused.Where(candidate => candidate.Lexical is not null).Select(candidate => (candidate.Id, candidate.Lexical!.Rank)).Order());

            // Better in both halves is never worse in the whole.
            var both = fused.Where(candidate => candidate is { Dense: not null, Lexical: not null }).ToList();
            Assert.All(
                both.SelectMany(_ => both, static (one, other) => (one, other)).Where(static pair => pair.one.Dense!.Rank < pair.other.Dense!.Rank && pair.one.Lexical!.Rank < pair.other.Lexical!.Rank),
                static pair => Assert.True(pair.one.Score >= pair.other.Score));

            // A half alone, or with all the weight, keeps its order.
            var alone = ScoreFusion.Fuse(dense, [], depth, weight);
            Assert.All(alone.Zip(alone.Skip(1)), pair => Assert.True(weight == 1 || pair.First.Dense!.Score == pair.Second.Dense!.Score || pair.First.Score == pair.Second.Score || pair.First.Dense.Rank < pair.Second.Dense.Rank));
        }
    }

    private static Guid Id(int number) => new($"00000000-0000-0000-0000-{number:D12}");

    private static List<Candidate> Half(Random random, bool ascending)
    {
        var scores = Enumerable.Range(0, random.Next(0, 9)).Select(_ => random.Next(3) switch { 0 => 0.5f, 1 => random.NextSingle(), _ => random.NextSingle() * 1e6f });
        var ids = Enumerable.Range(0, 12).OrderBy(_ => random.Next()).Select(Id);
        return [.. (ascending ? scores.Order() : scores.OrderDescending()).Zip(ids, static (score, id) => new Candidate(id, score))];
    }
}
