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

        Assert.Equal([1, 4], await Find((PayloadFields.Title, "Title 1 \"é\"")));
        Assert.Equal([1], await Find((PayloadFields.Title, "Title 1 \"é\""), ("language", "de")));
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
    public async Task Read_ById_GivesThePointsOfTheScopeThatExist()
    {
        var points = Enumerable.Range(0, 5).Select(i => Point(i, metadata: [("n", $"{i}")])).ToArray();
        await UpsertAsync(points);
        await UpsertAsync(Point(7, scope: OtherDocs));
        var ids = new[] { points[3].Id, Guid.NewGuid(), points[0].Id, PointId.Create(OtherDocs, "d", 7) };

        var read = await Store.ReadAsync(new(Physical, Docs), ids, Cancel);

        Assert.Equal([0, 3], read.Select(point => point.Payload.Chunk).Order());
        Assert.All(read, point => AssertEqual(points[point.Payload.Chunk] with { Vector = default }, point));
        Assert.Empty(await Store.ReadAsync(new(Physical, Docs), [], Cancel));
        Assert.Empty(await Store.ReadAsync(new("quiver_missing_3d", Docs), ids, Cancel));
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
        // Each version of a point has its angle in its text: a hit whose score does not match its text mixes two points.
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

    /// <summary>Whether points can be counted by fields without an index; otherwise the store rejects the count.</summary>
    protected virtual bool CountsByAnyField => true;

    [Fact]
    public async Task Facet_OfDocuments_CountsThePointsOfTheScope()
    {
        await UpsertAsync([.. Enumerable.Range(0, 10).Select(i => Point(i, document: i < 5 ? "ö/b.md" : i < 8 ? "a" : $"c{i}"))]);
        await UpsertAsync(Point(1, scope: OtherDocs, document: "theirs"));

        Assert.Equal([new("ö/b.md", 5), new("a", 3), new("c8", 1), new("c9", 1)], await FacetAsync(PayloadFields.DocumentId));
        Assert.Equal([new("ö/b.md", 5)], await FacetAsync(PayloadFields.DocumentId, limit: 1));
        Assert.Equal([new("theirs", 1)], await Store.FacetAsync(new(Physical, OtherDocs), new() { Field = PayloadFields.DocumentId }, Cancel));
    }

    [Fact]
    public async Task Facet_OfGenerations_GivesThemAsText()
    {
        await UpsertAsync(Point(1, generation: 9), Point(2, generation: 10), Point(3, generation: 10), Point(4, generation: 11));

        Assert.Equal([new("10", 2), new("11", 1), new("9", 1)], await FacetAsync(PayloadFields.Generation));
    }

    [Fact]
    public async Task Facet_WithAFilter_CountsOnlyPointsWithAllValues()
    {
        await UpsertAsync(
            Point(1, generation: 1, document: "x", metadata: [("kind", "a")]),
            Point(2, generation: 2, document: "x", metadata: [("kind", "b")]),
            Point(3, generation: 2, document: "x"),
            Point(4, generation: 2, document: "y", metadata: [("kind", "b")]));

        Assert.Equal([new("2", 2), new("1", 1)], await FacetAsync(PayloadFields.Generation, filter: [(PayloadFields.DocumentId, "x")]));
        Assert.Equal([new("x", 3)], await FacetAsync(PayloadFields.DocumentId, filter: [(PayloadFields.DocumentId, "x")]));
        Assert.Empty(await FacetAsync(PayloadFields.DocumentId, filter: [(PayloadFields.DocumentId, "never")]));
        if (FiltersByAnyField)
        {
            Assert.Equal([new("x", 1), new("y", 1)], await FacetAsync(PayloadFields.DocumentId, filter: [("kind", "b")]));
            Assert.Equal([new("2", 1)], await FacetAsync(PayloadFields.Generation, filter: [("kind", "b"), (PayloadFields.DocumentId, "x")]));
            Assert.Empty(await FacetAsync(PayloadFields.DocumentId, filter: [("kind", "b"), ("other", "b")]));
        }
        else
        {
            Assert.Equal(
                ErrorCodes.NotSupported,
                (await Assert.ThrowsAsync<InvalidRequestException>(() => FacetAsync(PayloadFields.DocumentId, filter: [("kind", "b")]))).Code);
        }
    }

    [Fact]
    public async Task Facet_OfMetadata_CountsItsValuesOrSaysThatThereIsNoIndex()
    {
        const string Name = "kind of \"thing\".ä";
        await UpsertAsync(
            Point(1, metadata: [(Name, "a"), ("kind", "b")]),
            Point(2, metadata: [(Name, "ü\n\"x\"\\\0 🙂"), ("kind", "")]),
            Point(3, metadata: [(Name, "a")]),
            Point(4, metadata: [("kind", "b")]),
            Point(5));
        await UpsertAsync(Point(1, scope: OtherDocs, metadata: [("kind", "b")]));

        if (CountsByAnyField)
        {
            Assert.Equal([new("a", 2), new("ü\n\"x\"\\\0 🙂", 1)], await FacetAsync(Name));
            Assert.Equal([new("b", 2), new("", 1)], await FacetAsync("kind"));
            Assert.Equal([new("b", 1)], await FacetAsync("kind", filter: [(Name, "a")]));
            Assert.Empty(await FacetAsync("unknown"));
        }
        else
        {
            var error = await Assert.ThrowsAsync<InvalidRequestException>(() => FacetAsync("kind"));
            Assert.Equal(ErrorCodes.NotSupported, error.Code);
            Assert.Contains($"PUT /collections/{Physical}/index", error.Message, StringComparison.Ordinal);
            Assert.Equal(ErrorCodes.InvalidOption, (await Assert.ThrowsAsync<InvalidRequestException>(() => FacetAsync(Name))).Code);
        }
    }

    [Fact]
    public async Task Facet_WhereNothingIs_GivesNothing()
    {
        Assert.Empty(await FacetAsync(PayloadFields.DocumentId));
        Assert.Empty(await Store.FacetAsync(new("quiver_missing_3d", Docs), new() { Field = PayloadFields.DocumentId }, Cancel));
    }

    [Theory]
    [InlineData("document_id", 0, ErrorCodes.InvalidOption)]
    [InlineData("document_id", 1001, ErrorCodes.InvalidOption)]
    [InlineData("", 10, ErrorCodes.InvalidOption)]
    [InlineData(" ", 10, ErrorCodes.InvalidOption)]
    [InlineData("text", 10, ErrorCodes.NotSupported)]
    [InlineData("tenant_id", 10, ErrorCodes.NotSupported)]
    [InlineData("indexed_at", 10, ErrorCodes.NotSupported)]
    public async Task Facet_ThatNoStoreCounts_IsRefused(string field, int limit, string code)
    {
        var error = await Assert.ThrowsAsync<InvalidRequestException>(() => FacetAsync(field, limit));

        Assert.Equal(code, error.Code);
        Assert.EndsWith(".", error.Message, StringComparison.Ordinal);
    }

    private Task<IReadOnlyList<FacetValue>> FacetAsync(string field, int limit = 10, params (string Key, string Value)[] filter) =>
        Store.FacetAsync(new(Physical, Docs), new() { Field = field, Limit = limit, Filter = Filter(filter) }, Cancel);
}
