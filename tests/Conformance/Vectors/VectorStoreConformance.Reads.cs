
using Quiver.Core.Vectors;

namespace Quiver.Tests.Conformance.Vectors;

public abstract partial class VectorStoreConformance
{
    private static ImmutableDictionary<string, string> Filter(params (string Key, string Value)[] fields) =>
        fields.ToImmutableDictionary(pair => pair.Key, pair => pair.Value);

    [Theory]
    [InlineData(10)]
    [InlineData(3_000)]
    public async Task Upsert_OfTextWithANul_KeepsAllOfIt(int length)
    {
        var point = Point(1);
        var text = $"{new string('x', length)}\0{new string('y', length)}";
        var kept = point with { Payload = point.Payload with { Text = text } };

        await UpsertAsync(kept);

        AssertEqual(kept, Assert.Single(await ScrollAllAsync()));
    }

    [Fact]
    public async Task Query_OfAScope_GivesTheNearestBestFirstWithCosines()
    {
        await UpsertAsync(Point(1, 80), Point(2, 10), Point(3, 180), Point(4, 30));

        var hits = await QueryAsync(new(Direction(0), 3));

        Assert.Equal([2, 4, 1], hits.Select(hit => hit.Payload.Chunk));
        Assert.Equal(Math.Cos(double.DegreesToRadians(10)), hits[0].Score, 1e-5);
        Assert.Equal(Math.Cos(double.DegreesToRadians(80)), hits[2].Score, 1e-5);
        Assert.Equal(-1f, (await QueryAsync(new(Direction(0), 10)))[^1].Score, 1e-5f);
    }

    [Fact]
    public async Task Query_WithVectorsThatAreNotUnit_StillGivesCosines()
    {
        await UpsertAsync(
            Point(1) with { Vector = Direction(10).Select(value => value * 250f).ToArray() },
            Point(2) with { Vector = Direction(5).Select(value => value * 0.001f).ToArray() });

        var hits = await QueryAsync(new(Direction(0).Select(value => value * 17f).ToArray(), 10));

        Assert.Equal([2, 1], hits.Select(hit => hit.Payload.Chunk));
        Assert.Equal(Math.Cos(double.DegreesToRadians(5)), hits[0].Score, 1e-5);
    }

    [Fact]
    public async Task Query_WithEqualScores_OrdersAndCutsById()
    {
        await UpsertAsync([.. Enumerable.Range(0, 50).Select(i => Point(i, 40)), Point(100, 20), Point(101, 60)]);
        var byId = Enumerable.Range(0, 50).Select(i => Point(i).Id).Order().ToList();

        var some = (await QueryAsync(new(Direction(0), 7))).Select(hit => hit.Id).ToList();
        Assert.Equal([Point(100).Id, .. CutsTiesById ? byId.Take(6) : byId.Where(some.Contains)], some);
        Assert.Equal(7, some.Count);
        Assert.Equal([Point(100).Id, .. byId, Point(101).Id], (await QueryAsync(new(Direction(0), 1000))).Select(hit => hit.Id));
    }

    [Fact]
    public async Task Query_WithAFilter_GivesOnlyPointsWithAllValues()
    {
        await UpsertAsync(
            Point(1, 10, metadata: [("language", "de"), ("kind", "a")]),
            Point(2, 20, metadata: [("language", "de"), ("kind", "b")]),
            Point(3, 30, document: "x", metadata: [("language", "en")]),
            Point(4, 40, document: "x"));

        async Task<IEnumerable<int>> Find(params (string, string)[] fields) =>
            (await QueryAsync(new(Direction(0), 10) { Filter = Filter(fields) })).Select(hit => hit.Payload.Chunk);

        if (!FiltersByAnyField)
        {
            var error = await Assert.ThrowsAsync<InvalidRequestException>(() => Find(("language", "de")));
            Assert.Equal((ErrorCodes.NotSupported, true), (error.Code, error.Message.Contains("\"language\"", StringComparison.Ordinal)));
            Assert.Equal([3, 4], await Find((PayloadFields.DocumentId, "x")));
            return;
        }

        Assert.Equal([1, 2], await Find(("language", "de")));
        Assert.Equal([2], await Find(("language", "de"), ("kind", "b")));
        Assert.Equal([3, 4], await Find((PayloadFields.DocumentId, "x")));
        Assert.Equal([3], await Find((PayloadFields.DocumentId, "x"), ("language", "en")));
        Assert.Empty(await Find(("language", "d")));
        Assert.Empty(await Find(("de", "language")));
        Assert.Empty(await Find((PayloadFields.DocumentId, "never")));
    }

    [Fact]
    public async Task Query_WithAThreshold_LeavesOutWhatIsBelow()
    {
        await UpsertAsync(Point(1, 10), Point(2, 50), Point(3, 70));

        var hits = await QueryAsync(new(Direction(0), 10) { ScoreThreshold = 0.5f });

        Assert.Equal([1, 2], hits.Select(hit => hit.Payload.Chunk));
    }

    [Fact]
    public async Task Query_WithAnotherDimension_IsRefused()
    {
        var error = await Assert.ThrowsAsync<PermanentException>(() => QueryAsync(new(new float[] { 1 }, 10)));

        Assert.Equal(ErrorCodes.DimensionMismatch, error.Code);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1001)]
    public async Task Query_WithALimitOutOfRange_IsRefused(int limit) =>
        await Assert.ThrowsAsync<InvalidRequestException>(() => QueryAsync(new(Direction(0), limit)));

    [Fact]
    public async Task Query_OfAScopeThatHoldsNothing_GivesNothing()
    {
        await UpsertAsync(Point(1));

        Assert.Empty(await QueryAsync(new(Direction(0), 10), OtherDocs));
    }

    [Fact]
    public async Task Scroll_PageByPage_GivesEveryPointOnceByBigEndianId()
    {
        var points = Enumerable.Range(0, 100).Select(i => Point(i)).ToArray();
        await UpsertAsync(points);
        await UpsertAsync(Point(500, scope: OtherDocs));

        foreach (var limit in new[] { 1, 7, 99, 100, 1000 })
        {
            var ids = (await ScrollAllAsync(limit)).Select(point => Convert.ToHexString(point.Id.ToByteArray(bigEndian: true)));
            Assert.Equal(points.Select(point => Convert.ToHexString(point.Id.ToByteArray(bigEndian: true))).Order(StringComparer.Ordinal), ids);
        }
    }

    [Fact]
    public async Task Scroll_WithoutVectors_LeavesThemEmpty()
    {
        await UpsertAsync(Point(1));

        Assert.True(Assert.Single(await Store.ScrollAsync(new(Physical, Docs), null, 10, withVectors: false, Cancel)).Vector.IsEmpty);
    }

    [Fact]
    public async Task FindExisting_OfSomeIds_GivesThoseInTheScope()
    {
        await UpsertAsync(Point(1), Point(2));
        await UpsertAsync(Point(3, scope: OtherDocs));

        var found = await Store.FindExistingAsync(new(Physical, Docs), [Point(1).Id, Point(3, scope: OtherDocs).Id, Point(9).Id], Cancel);

        Assert.Equal([Point(1).Id], found);
    }

    [Fact]
    public async Task FindWritten_FromAGeneration_GivesThoseOfItAndLaterOnes()
    {
        await UpsertAsync(Point(1, generation: 2), Point(2, generation: 3), Point(3, generation: 4));
        await UpsertAsync(Point(4, generation: 3, scope: OtherDocs));

        var found = await Store.FindWrittenAsync(new(Physical, Docs), [.. Enumerable.Range(1, 5).Select(i => Point(i).Id), Point(4, scope: OtherDocs).Id], 3, Cancel);

        Assert.Equal([Point(2).Id, Point(3).Id], found.OrderBy(id => id == Point(3).Id));
    }

    [Fact]
    public async Task FindIndexedBefore_ATime_GivesOlderPointsOfTheScope()
    {
        await UpsertAsync([.. Enumerable.Range(0, 20).Select(i => Point(i))]);
        await UpsertAsync(Point(3, scope: OtherDocs));

        var older = await Store.FindIndexedBeforeAsync(new(Physical, Docs), Noon.AddSeconds(5), null, 100, Cancel);

        Assert.Equal([0, 1, 2, 3, 4], older.Select(point => point.Payload.Chunk).Order());
        Assert.All(older, point => Assert.Equal(Docs, point.Payload.Scope));
        Assert.Equal(older.Select(point => point.Id).Order(), older.Select(point => point.Id));
        Assert.Equal(older.Take(3), await Store.FindIndexedBeforeAsync(new(Physical, Docs), Noon.AddSeconds(5), null, 3, Cancel), (one, other) => one.Id == other.Id);
        Assert.Equal(older.Skip(3), await Store.FindIndexedBeforeAsync(new(Physical, Docs), Noon.AddSeconds(5), older[2].Id, 3, Cancel), (one, other) => one.Id == other.Id);
        Assert.Empty(await Store.FindIndexedBeforeAsync(new(Physical, Docs), Noon, null, 100, Cancel));
    }

    [Fact]
    public async Task Describe_OfAStore_NamesIt()
    {
        var info = await Store.DescribeAsync(Cancel);

        Assert.NotEmpty(info.Name);
        Assert.NotEmpty(info.Version);
    }

    [Fact]
    public async Task Queries_WhilePointsAreReplacedAndDeleted_OnlySeeWholePointsOfTheScope()
    {
        // Every version of point n has its angle written in its text: a hit whose score does not fit its text mixes two points.
        static VectorPoint Version(int number, int round) =>
            Point(number, (number * 7) + round) is var point
                ? point with { Payload = point.Payload with { Text = $"{(number * 7) + round}" } }
                : throw new InvalidOperationException();

        using var done = new CancellationTokenSource();
        await UpsertAsync([.. Enumerable.Range(0, 12).Select(i => Version(i, 0))]);
        var writer = Task.Run(
            async () =>
            {
                for (var round = 1; round <= 60; round++)
                {
                    await UpsertAsync([.. Enumerable.Range(0, 12).Select(i => Version(i, round))]);
                    await UpsertAsync(Point(50 + round, round, OtherDocs));
                    await Store.DeleteAsync(new(Physical, OtherDocs), [Point(50 + round, scope: OtherDocs).Id], Cancel);
                }

                await done.CancelAsync();
            },
            Cancel);

        var queries = 0;
        while (!done.IsCancellationRequested && !writer.IsFaulted)
        {
            var hits = await QueryAsync(new(Direction(0), 20));
            Assert.Equal(Enumerable.Range(0, 12), hits.Select(hit => hit.Payload.Chunk).Order());
            Assert.All(hits, hit => Assert.Equal(
                Math.Cos(double.DegreesToRadians(double.Parse(hit.Payload.Text, System.Globalization.CultureInfo.InvariantCulture))), hit.Score, 1e-5));
            queries++;
        }

        await writer;
        Assert.True(queries > 0);
    }
}
