using Quiver.Core.Vectors;

namespace Quiver.Tests.Conformance.Vectors;

public abstract partial class VectorStoreConformance
{
    [Fact]
    public async Task Ensure_Again_ChangesNothing()
    {
        await UpsertAsync(Point(1));
        await Store.EnsureCollectionAsync(Physical, Dimensions, Cancel);

        Assert.Equal(1, await CountAsync());
    }

    [Fact]
    public async Task Ensure_WithOtherDimensions_IsAConflictWithBothNumbers()
    {
        var error = await Assert.ThrowsAsync<ConflictException>(() => Store.EnsureCollectionAsync(Physical, Dimensions + 1, Cancel));

        Assert.Equal(ErrorCodes.DimensionMismatch, error.Code);
        Assert.Contains("20", error.Message, StringComparison.Ordinal);
        Assert.Contains("21", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Upsert_OfNewPoints_IsDurableWithEveryMember()
    {
        var points = Enumerable.Range(0, 10).Select(i => Point(i, i * 10, metadata: [("language", "de"), ("title \"q\"", $"ü{i}")])).ToArray();

        Assert.Equal(new UpsertOutcome(10, 0), await UpsertAsync(points));
        await ReopenAsync();

        var stored = await ScrollAllAsync();
        Assert.Equal(10, stored.Count);
        Assert.All(stored, actual => AssertEqual(points.Single(point => point.Id == actual.Id), actual));
    }

    [Fact]
    public async Task Upsert_OfTheSamePointAgain_ReplacesIt()
    {
        await UpsertAsync(Point(1, 0, metadata: [("a", "1")]));
        var changed = Point(1, 90, document: "other", metadata: [("b", "2")]);

        Assert.Equal(new UpsertOutcome(1, 0), await UpsertAsync(changed));
        Assert.Equal(new UpsertOutcome(1, 0), await UpsertAsync(changed));

        AssertEqual(changed, Assert.Single(await ScrollAllAsync()));
        Assert.Equal(1f, Assert.Single(await QueryAsync(new(Direction(90), 10))).Score, 1e-5f);
    }

    [Theory]
    [InlineData(1, 9, false)]
    [InlineData(2, 4, false)]
    [InlineData(2, 5, true)]
    [InlineData(2, 6, true)]
    [InlineData(3, 1, true)]
    public async Task Upsert_AgainstAPointOfGeneration2Epoch5_IsFencedLexicographically(long generation, long epoch, bool passes)
    {
        await UpsertAsync(Point(1, 0, generation: 2, epoch: 5));
        var challenger = Point(1, 90, generation: generation, epoch: epoch);

        var outcome = await UpsertAsync(challenger, Point(2, generation: generation, epoch: epoch));

        Assert.Equal(passes ? new UpsertOutcome(2, 0) : new UpsertOutcome(1, 1), outcome);
        AssertEqual(passes ? challenger : Point(1, 0, generation: 2, epoch: 5), (await ScrollAllAsync()).Single(point => point.Payload.Chunk == 1));
    }

    [Fact]
    public async Task Upsert_OfOnePointTwiceInACall_KeepsTheLaterOne()
    {
        await UpsertAsync(Point(1, 10), Point(1, 20));

        AssertEqual(Point(1, 20), Assert.Single(await ScrollAllAsync()));
    }

    [Fact]
    public async Task Upsert_OfNothing_IsNothing() =>
        Assert.Equal(default, await Store.UpsertAsync(new(Physical, Docs), [], Cancel));

    [Fact]
    public async Task Upsert_WithAnotherDimension_IsRefusedAndStoresNothing()
    {
        var wrong = Point(2) with { Vector = new float[Dimensions - 1] };

        var error = await Assert.ThrowsAsync<PermanentException>(() => UpsertAsync(Point(1), wrong));

        Assert.Equal(ErrorCodes.DimensionMismatch, error.Code);
        Assert.Equal(0, await CountAsync());
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(0f)]
    public async Task Upsert_OfAnUnusableVector_IsRefusedAndStoresNothing(float value)
    {
        var vector = new float[Dimensions];
        vector[^1] = value;

        var error = await Assert.ThrowsAsync<PermanentException>(() => UpsertAsync(Point(1), Point(2) with { Vector = vector }));

        Assert.Equal(ErrorCodes.InvalidEmbedding, error.Code);
        Assert.Equal(0, await CountAsync());
    }

    [Fact]
    public async Task Upsert_OfAPointOfAnotherScope_IsRefused()
    {
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Store.UpsertAsync(new(Physical, Docs), [Point(1), Point(2, scope: OtherDocs)], Cancel));

        Assert.Equal(0, await CountAsync());
        Assert.Equal(0, await CountAsync(OtherDocs));
    }

    [Fact]
    public async Task Upsert_OfTooManyPoints_IsRefused() =>
        await Assert.ThrowsAnyAsync<ArgumentException>(() => UpsertAsync([.. Enumerable.Range(0, 257).Select(i => Point(i))]));

    [Fact]
    public async Task Upsert_IntoAMissingCollection_IsPermanent()
    {
        var error = await Assert.ThrowsAsync<PermanentException>(() => Store.UpsertAsync(new("quiver_never_made", Docs), [Point(1)], Cancel));

        Assert.Equal(ErrorCodes.UnknownCollection, error.Code);
    }

    [Fact]
    public async Task Ensure_WithCosineSpelledOut_IsTheSame() =>
        await Store.EnsureCollectionAsync(Physical, new() { Dimensions = Dimensions, Storage = new() { Distance = VectorDistance.Cosine, Shards = 1, Replicas = 1 } }, Cancel);

    [Fact]
    public async Task Tenants_WithTheSameDocuments_NeverSeeOverwriteOrDeleteEachOther()
    {
        await UpsertAsync(Point(1, 0, metadata: [("a", "mine")]));
        await UpsertAsync(Point(1, 0, OtherDocs, generation: 9, document: "theirs", metadata: [("a", "theirs")]));

        AssertEqual(Point(1, 0, metadata: [("a", "mine")]), Assert.Single(await ScrollAllAsync()));
        Assert.Equal("doc1", Assert.Single(await QueryAsync(new(Direction(0), 10))).Payload.DocumentId);
        if (FiltersByAnyField)
        {
            Assert.Empty(await QueryAsync(new(Direction(0), 10) { Filter = ImmutableDictionary<string, string>.Empty.Add("a", "theirs") }));
        }

        Assert.Equal(new UpsertOutcome(1, 0), await UpsertAsync(Point(1, 5)));

        Assert.Equal(1, await Store.DeleteAsync(new(Physical, OtherDocs), [Point(1, scope: OtherDocs).Id], Cancel));
        Assert.Equal(0, await Store.DeleteAllAsync(new(Physical, OtherDocs), Cancel));
        Assert.Equal(1, await CountAsync());
        Assert.Empty(await Store.FindExistingAsync(new(Physical, OtherDocs), [Point(1, scope: OtherDocs).Id], Cancel));
    }

    [Fact]
    public async Task Tenants_WithEqualPointIds_NeverOverwriteOrDeleteEachOther()
    {
        // Scopes never share an id; a caller that shares one anyway must do no harm.
        var mine = Point(1, 0, metadata: [("a", "mine")]);
        var theirs = Point(1, 0, OtherDocs, generation: 9, document: "theirs") with { Id = mine.Id };
        await UpsertAsync(mine);

        var outcome = await UpsertAsync(theirs);

        Assert.Equal(KeepsOnePointPerId ? new UpsertOutcome(0, 1) : new UpsertOutcome(1, 0), outcome);
        AssertEqual(mine, Assert.Single(await ScrollAllAsync()));
        Assert.Equal(KeepsOnePointPerId ? 0 : 1, await Store.DeleteAsync(new(Physical, OtherDocs), [mine.Id], Cancel));
        Assert.Equal(0, await Store.DeleteOlderAsync(new(Physical, OtherDocs), [mine.Id], 99, Cancel));
        Assert.Equal(0, await Store.DeleteAllAsync(new(Physical, OtherDocs), Cancel));
        AssertEqual(mine, Assert.Single(await ScrollAllAsync()));
        Assert.Empty(await Store.FindExistingAsync(new(Physical, OtherDocs), [mine.Id], Cancel));
    }

    [Fact]
    public async Task Delete_ById_RemovesTheseAndCountsThem()
    {
        await UpsertAsync(Point(1), Point(2), Point(3));

        Assert.Equal(2, await Store.DeleteAsync(new(Physical, Docs), [Point(1).Id, Point(3).Id, Point(99).Id], Cancel));
        await ReopenAsync();

        Assert.Equal(Point(2).Id, Assert.Single(await ScrollAllAsync()).Id);
        Assert.Equal(Point(2).Id, Assert.Single(await QueryAsync(new(Direction(0), 10))).Id);
        Assert.Equal(0, await Store.DeleteAsync(new(Physical, Docs), [Point(1).Id], Cancel));
    }

    [Fact]
    public async Task DeleteOlder_OfPointsOfSeveralGenerations_LeavesTheNewerOnes()
    {
        await UpsertAsync(Point(1, generation: 1), Point(2, generation: 2), Point(3, generation: 3), Point(4, generation: 1));
        await UpsertAsync(Point(1, scope: OtherDocs));

        Assert.Equal(1, await Store.DeleteOlderAsync(new(Physical, Docs), [Point(1).Id, Point(2).Id, Point(3).Id, Point(99).Id], 2, Cancel));
        await ReopenAsync();

        Assert.Equal([2, 3, 4], (await ScrollAllAsync()).Select(point => point.Payload.Chunk).Order());
        Assert.Equal(1, await CountAsync(OtherDocs));
    }

    [Fact]
    public async Task ReadsAndDeletions_OfAMissingCollection_FindNothing()
    {
        const string Missing = "quiver_never_made";

        Assert.Equal(0, await Store.CountAsync(new(Missing, Docs), Cancel));
        Assert.Empty(await Store.QueryAsync(new(Missing, Docs), new(Direction(0), 10), Cancel));
        Assert.Empty(await Store.ScrollAsync(new(Missing, Docs), null, 10, withVectors: false, Cancel));
        Assert.Empty(await Store.FindExistingAsync(new(Missing, Docs), [Point(1).Id], Cancel));
        Assert.Equal(0, await Store.DeleteAsync(new(Missing, Docs), [Point(1).Id], Cancel));
        Assert.Equal(0, await Store.DeleteOlderAsync(new(Missing, Docs), [Point(1).Id], 9, Cancel));
        Assert.Equal(0, await Store.DeleteAllAsync(new(Missing, Docs), Cancel));
    }

    [Fact]
    public async Task DeleteAll_OfAScope_LeavesOtherScopes()
    {
        for (var batch = 0; batch < 10; batch++)
        {
            await UpsertAsync([.. Enumerable.Range(batch * 250, 250).Select(i => Point(i))]);
        }

        await UpsertAsync(Point(1, scope: OtherDocs));

        Assert.Equal(2500, await Store.DeleteAllAsync(new(Physical, Docs), Cancel));
        Assert.Equal(0, await CountAsync());
        Assert.Empty(await QueryAsync(new(Direction(0), 10)));
        Assert.Equal(1, await CountAsync(OtherDocs));
    }

    [Fact]
    public async Task DeleteSome_OfAScope_DeletesNoMoreThanAsked()
    {
        await UpsertAsync([.. Enumerable.Range(0, 30).Select(i => Point(i))]);
        await UpsertAsync(Point(1, scope: OtherDocs));

        Assert.Equal(20, await Store.DeleteSomeAsync(new(Physical, Docs), 20, Cancel));
        Assert.Equal(10, await CountAsync());
        Assert.Equal(10, await Store.DeleteSomeAsync(new(Physical, Docs), 20, Cancel));
        Assert.Equal(0, await Store.DeleteSomeAsync(new(Physical, Docs), 20, Cancel));
        Assert.Equal(1, await CountAsync(OtherDocs));
    }

    [Fact]
    public async Task DeleteIndexedBefore_OfOldAndNewPoints_LeavesTheNewOnes()
    {
        await UpsertAsync([.. Enumerable.Range(0, 10).Select(i => Point(i))]);
        await UpsertAsync(Point(1, scope: OtherDocs));
        var ids = Enumerable.Range(0, 8).Select(i => Point(i).Id).Append(Point(1, scope: OtherDocs).Id).ToList();

        Assert.Equal(5, await Store.DeleteIndexedBeforeAsync(new(Physical, Docs), ids, Noon.AddSeconds(5), Cancel));

        Assert.Equal([5, 6, 7, 8, 9], (await ScrollAllAsync()).Select(point => point.Payload.Chunk).Order());
        Assert.Equal(1, await CountAsync(OtherDocs));
    }

    [Fact]
    public async Task Drop_OfACollection_LeavesNothingAndCanBeRepeated()
    {
        await UpsertAsync(Point(1));

        await Store.DropCollectionAsync(Physical, Cancel);
        await Store.DropCollectionAsync(Physical, Cancel);

        Assert.Equal(0, await CountAsync());
        Assert.Equal(ErrorCodes.UnknownCollection, (await Assert.ThrowsAsync<PermanentException>(() => UpsertAsync(Point(1)))).Code);
        await Store.EnsureCollectionAsync(Physical, Dimensions + 1, Cancel);
        Assert.Equal(0, await CountAsync());
    }
}
