using Microsoft.Extensions.Options;
using Quiver.Adapters.Vectors.Embedded;
using Quiver.Core.Vectors;
using Quiver.Tests.Unit.Adapters.Storage.Sqlite;

namespace Quiver.Tests.Unit.Adapters.Vectors.Embedded;

/// <summary>Enough points for several search threads, blocks and segments.</summary>
public sealed class FlatIndexScaleTests : IDisposable
{
    private const string Physical = "scale";
    private const int Dimensions = 4;
    private const int Points = 20_000;

    private static readonly CollectionKey[] Scopes = [.. new[] { "x", "y" }.Select(name => new CollectionKey(TenantId.Parse("a"), CollectionName.Parse(name)))];

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Query_OverManyBlocksAndSegments_EqualsANaiveSearchWithItsTies()
    {
        const int Seed = 5;
        var random = new Random(Seed);
        var points = Enumerable.Range(0, Points).Select(i => CreatePoint(i, random)).ToList();
        await using (var store = Open())
        {
            await store.EnsureCollectionAsync(Physical, Dimensions, Cancel);
            await Task.WhenAll(points.Chunk(256).SelectMany(chunk => chunk.GroupBy(point => point.Payload.Scope))
                .Select(group => store.UpsertAsync(new(Physical, group.Key), [.. group], Cancel)));
        }

        await using var reopened = Open();
        foreach (var scope in Scopes)
        {
            var mine = points.Where(point => point.Payload.Scope == scope).ToList();
            Assert.Equal(mine.Count, await reopened.CountAsync(new(Physical, scope), Cancel));
            foreach (var limit in new[] { 1, 10, 1000 })
            {
                var query = CreateVector(random);
                var expected = mine.OrderByDescending(point => Dot(point.Vector.Span, query)).ThenBy(point => point.Id).Take(limit).Select(point => point.Id);

                var hits = await reopened.QueryAsync(new(Physical, scope), new(query, limit), Cancel);

                Assert.True(expected.SequenceEqual(hits.Select(hit => hit.Id)), $"seed {Seed}, limit {limit}");
            }
        }

        Assert.True(new FileInfo(Path.Combine(_folder.Path, Physical, "vectors.bin")).Length > 1 << 20, "one segment only");
    }

    private FlatIndexStore Open() => new(Options.Create(new FlatIndexOptions { Directory = _folder.Path, SegmentBytes = 1 << 20, SearchThreads = 4 }));

    private static float Dot(ReadOnlySpan<float> first, ReadOnlySpan<float> second)
    {
        var sum = 0f;
        for (var i = 0; i < first.Length; i++)
        {
            sum += first[i] * second[i];
        }

        return sum;
    }

    private static float[] CreateVector(Random random) => [.. Enumerable.Range(0, Dimensions).Select(_ => random.Next(2) == 0 ? 0.5f : -0.5f)];

    private static VectorPoint CreatePoint(int number, Random random) =>
        new(
            PointId.Create(Scopes[0], "d", number),
            CreateVector(random),
            new()
            {
                Scope = Scopes[random.Next(2)],
                DocumentId = "d",
                Chunk = number,
                Text = "t",
                StartChar = 0,
                EndChar = 1,
                StartLine = 1,
                EndLine = 1,
                Generation = 1,
                Epoch = 1,
                IndexedAt = DateTimeOffset.UnixEpoch,
            });
}
