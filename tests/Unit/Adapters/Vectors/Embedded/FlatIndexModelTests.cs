using Microsoft.Extensions.Options;
using Quiver.Adapters.Vectors.Embedded;
using Quiver.Core.Vectors;
using Quiver.Tests.Unit.Adapters.Storage.Sqlite;

namespace Quiver.Tests.Unit.Adapters.Vectors.Embedded;

/// <summary>Random operations on the store and on a dictionary must have the same results, also after reopening.</summary>
public sealed class FlatIndexModelTests : IDisposable
{
    private const string Physical = "model";
    private const int Dimensions = 12;

    private static readonly CollectionKey[] Scopes =
        [new(TenantId.Parse("a"), CollectionName.Parse("x")), new(TenantId.Parse("a"), CollectionName.Parse("y")), new(TenantId.Parse("b"), CollectionName.Parse("x"))];

    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<(CollectionKey Scope, Guid Id), VectorPoint> _model = [];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(13)]
    public async Task Store_UnderRandomOperations_EqualsTheModel(int seed)
    {
        var random = new Random(seed);
        var store = await OpenAsync();
        for (var step = 0; step < 250; step++)
        {
            var scope = Scopes[random.Next(Scopes.Length)];
            switch (random.Next(20))
            {
                case < 8:
                    await UpsertAsync(store, scope, random);
                    break;
                case < 10:
                    await DeleteAsync(store, scope, random);
                    break;
                case 10 when random.Next(5) == 0:
                    Assert.Equal(_model.Keys.Count(key => key.Scope == scope), await store.DeleteAllAsync(new(Physical, scope), Cancel));
                    _model.Keys.Where(key => key.Scope == scope).ToList().ForEach(key => _model.Remove(key));
                    break;
                case 11 when random.Next(3) == 0:
                    await store.DisposeAsync();
                    store = await OpenAsync();
                    break;
                default:
                    await CompareAsync(store, scope, random, $"seed {seed}, step {step}");
                    break;
            }
        }

        await store.DisposeAsync();
    }

    private async Task<FlatIndexStore> OpenAsync()
    {
        var store = new FlatIndexStore(Options.Create(new FlatIndexOptions { Directory = _folder.Path, SegmentBytes = 1 << 20, SearchThreads = 3 }));
        await store.EnsureCollectionAsync(Physical, Dimensions, Cancel);
        return store;
    }

    private async Task UpsertAsync(FlatIndexStore store, CollectionKey scope, Random random)
    {
        var points = Enumerable.Range(0, random.Next(1, 200)).Select(_ => CreatePoint(scope, random)).ToList();
        var superseded = 0;
        foreach (var point in points)
        {
            var key = (scope, point.Id);
            if (_model.TryGetValue(key, out var old) && (old.Payload.Generation, old.Payload.Epoch).CompareTo((point.Payload.Generation, point.Payload.Epoch)) > 0)
            {
                superseded++;
            }
            else
            {
                _model[key] = point;
            }
        }

        Assert.Equal(new UpsertOutcome(points.Count - superseded, superseded), await store.UpsertAsync(new(Physical, scope), points, Cancel));
    }

    private async Task DeleteAsync(FlatIndexStore store, CollectionKey scope, Random random)
    {
        var ids = Enumerable.Range(0, 50).Select(_ => CreateId(random)).Distinct().ToList();

        Assert.Equal(ids.Count(id => _model.Remove((scope, id))), await store.DeleteAsync(new(Physical, scope), ids, Cancel));
    }

    private async Task CompareAsync(FlatIndexStore store, CollectionKey scope, Random random, string where)
    {
        var mine = _model.Where(pair => pair.Key.Scope == scope).Select(pair => pair.Value).ToList();
        var language = random.Next(3) == 0 ? $"l{random.Next(3)}" : null;
        var query = new PointQuery(CreateVector(random), random.Next(1, 40))
        {
            Filter = language is null ? ImmutableDictionary<string, string>.Empty : ImmutableDictionary<string, string>.Empty.Add("language", language),
            ScoreThreshold = random.Next(3) == 0 ? 0.2f : null,
        };
        var expected = mine.Where(point => language is null || point.Payload.Metadata["language"] == language)
            .Select(point => (point.Id, Score: Cosine(point.Vector.Span, query.Vector.Span)))
            .Where(hit => hit.Score >= (query.ScoreThreshold ?? -2))
            .OrderByDescending(hit => hit.Score).ThenBy(hit => hit.Id)
            .Take(query.Limit).Select(hit => hit.Id);

        var hits = await store.QueryAsync(new(Physical, scope), query, Cancel);

        Assert.True(expected.SequenceEqual(hits.Select(hit => hit.Id)), where);
        await CompareWordsAsync(store, scope, mine, language, random, where);
        Assert.True(mine.Count == await store.CountAsync(new(Physical, scope), Cancel), where);
        var after = CreateId(random);
        Assert.True(
            mine.Select(point => point.Id).Where(id => id.CompareTo(after) > 0).Order().Take(30)
                .SequenceEqual((await store.ScrollAsync(new(Physical, scope), after, 30, false, Cancel)).Select(point => point.Id)),
            where);
    }

    /// <summary>The full-text index, filled and emptied step by step, scores as BM25 computed from the points that there are.</summary>
    private static async Task CompareWordsAsync(FlatIndexStore store, CollectionKey scope, List<VectorPoint> mine, string? language, Random random, string where)
    {
        var words = Enumerable.Range(0, random.Next(1, 4)).Select(_ => CreateWord(random)).Distinct().ToList();
        var texts = mine.ToDictionary(point => point.Id, point => point.Payload.Text.Split(' '));
        var average = texts.Count == 0 ? 0 : texts.Values.Average(text => text.Length);
        var weights = words.ToDictionary(word => word, word => Weight(texts.Count, texts.Values.Count(text => text.Contains(word))));
        var expected = mine.Where(point => language is null || point.Payload.Metadata["language"] == language)
            .Select(point => (point.Id, Score: words.Sum(word => Score(texts[point.Id], word))))
            .Where(hit => hit.Score > 0)
            .ToDictionary(hit => hit.Id, hit => hit.Score);

        var answer = await store.QueryLexicalAsync(
            new(Physical, scope),
            new(string.Join(' ', words), 1000)
            {
                Filter = language is null ? ImmutableDictionary<string, string>.Empty : ImmutableDictionary<string, string>.Empty.Add("language", language),
            },
            Cancel);

        Assert.True(answer.Gap is null, where);
        Assert.True(expected.Keys.ToHashSet().SetEquals(answer.Points.Select(hit => hit.Id)), where);
        Assert.All(answer.Points, hit => Assert.Equal(expected[hit.Id], hit.Score, 1e-4));

        double Score(string[] text, string word)
        {
            var count = (double)text.Count(other => other == word);
            return weights[word] * count * 2.2 / (count + (1.2 * (0.25 + (0.75 * text.Length / average))));
        }
    }

    // A term that half of the points have weighs next to nothing in FTS5.
    private static double Weight(int points, int found) => Math.Log((points - found + 0.5) / (found + 0.5)) is > 0 and var weight ? weight : 1e-6;

    private static string CreateWord(Random random) => $"w{Math.Min(random.Next(12), random.Next(12))}";

    private static Guid CreateId(Random random) => PointId.Create(Scopes[0], "d", random.Next(400));

    // Corners of a cube: lengths are exact and many scores are equal, which tests ties without rounding.
    private static float[] CreateVector(Random random)
    {
        var vector = new float[Dimensions];
        for (var corner = 0; corner < 4; corner++)
        {
            vector[(corner * 3) + random.Next(3)] = random.Next(2) == 0 ? 0.5f : -0.5f;
        }

        return vector;
    }

    private static float Cosine(ReadOnlySpan<float> first, ReadOnlySpan<float> second)
    {
        var sum = 0f;
        for (var i = 0; i < first.Length; i++)
        {
            sum += first[i] * second[i];
        }

        return sum;
    }

    private static VectorPoint CreatePoint(CollectionKey scope, Random random) =>
        new(
            CreateId(random),
            CreateVector(random),
            new()
            {
                Scope = scope,
                DocumentId = "d",
                Chunk = 0,
                Text = string.Join(' ', Enumerable.Range(0, random.Next(1, 9)).Select(_ => CreateWord(random))),
                StartChar = 0,
                EndChar = 1,
                StartLine = 1,
                EndLine = 1,
                Generation = random.Next(3),
                Epoch = random.Next(3),
                IndexedAt = DateTimeOffset.UnixEpoch,
                Metadata = ImmutableDictionary<string, string>.Empty.Add("language", $"l{random.Next(3)}"),
            });
}
