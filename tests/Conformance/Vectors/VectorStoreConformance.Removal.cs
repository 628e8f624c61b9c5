
using Quiver.Core.Vectors;

namespace Quiver.Tests.Conformance.Vectors;

public abstract partial class VectorStoreConformance
{
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
