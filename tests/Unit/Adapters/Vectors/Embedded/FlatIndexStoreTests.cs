using Microsoft.Extensions.Options;
using Quiver.Adapters.Vectors.Embedded;
using Quiver.Core.Vectors;
using Quiver.Tests.Conformance.Vectors;
using Quiver.Tests.Unit.Adapters.Storage.Sqlite;

namespace Quiver.Tests.Unit.Adapters.Vectors.Embedded;

public sealed class FlatIndexStoreTests : VectorStoreConformance
{
    private readonly TemporaryFolder _folder = new();

    protected override bool FindsWords => true;

    protected override Task<IVectorStore> OpenAsync() =>
        Task.FromResult<IVectorStore>(new FlatIndexStore(Options.Create(new FlatIndexOptions { Directory = _folder.Path, SegmentBytes = 1 << 20 })));

    protected override async Task CloseAsync(IVectorStore store) => await ((FlatIndexStore)store).DisposeAsync();

    protected override Task DropAsync()
    {
        _folder.Dispose();
        return Task.CompletedTask;
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("../x")]
    [InlineData("a/b")]
    [InlineData("ä")]
    public async Task Ensure_WithANameThatIsNone_IsRefused(string name) =>
        await Assert.ThrowsAsync<ArgumentException>(() => Store.EnsureCollectionAsync(name, 4, Cancel));

    [Fact]
    public async Task Upsert_OfAUnitVector_KeepsItsBits()
    {
        await UpsertAsync(Point(1, 33));

        Assert.Equal(Direction(33), Assert.Single(await ScrollAllAsync()).Vector.ToArray());
    }

    [Fact]
    public async Task Upsert_OfWhatWasReadBack_ChangesNoBit()
    {
        await UpsertAsync(Point(1) with { Vector = Direction(33).Select(value => value * 3.7f).ToArray() });
        var first = Assert.Single(await ScrollAllAsync()).Vector.ToArray();

        await UpsertAsync(Point(1) with { Vector = first });

        Assert.Equal(first, Assert.Single(await ScrollAllAsync()).Vector.ToArray());
    }

    [Fact]
    public async Task QueryAndFacet_Cancelled_GiveUp()
    {
        await UpsertAsync(Point(1));
        using var source = new CancellationTokenSource();
        await source.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Store.QueryAsync(new(Physical, Docs), new(Direction(0), 1), source.Token));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Store.FacetAsync(new(Physical, Docs), new() { Field = "document_id" }, source.Token));
    }

    [Fact]
    public async Task QueryLexical_InALargeScope_ComparesThePointsWithTheRarestWords()
    {
        const int points = LexicalSearch.MaxCompared + 500;
        foreach (var numbers in Enumerable.Range(0, points).Chunk(250))
        {
            await UpsertAsync([.. numbers.Select(i => Point(i) with { Payload = Point(i).Payload with { Text = i == 77 ? "often special" : $"often part{i % 100}" } })]);
        }

        async Task<List<int>> FindAsync(string text) =>
            [.. (await Store.QueryLexicalAsync(new(Physical, Docs), new(text, 200), Cancel)).Points.Select(hit => hit.Payload.Chunk)];

        var mixed = await FindAsync("often special part5");
        Assert.Equal(77, mixed[0]);
        Assert.Equal(Enumerable.Range(0, points).Where(i => i == 77 || i % 100 == 5), mixed.Order());
        Assert.Equal(mixed, await FindAsync("often special part5"));
        Assert.Equal(200, (await FindAsync("often")).Count);
        Assert.Empty(await FindAsync("nowhere"));
    }

    [Fact]
    public async Task Slots_OfReplacedPoints_AreUsedAgain()
    {
        for (var round = 0; round < 300; round++)
        {
            await UpsertAsync([.. Enumerable.Range(0, 200).Select(i => Point(i, round))]);
        }

        Assert.Equal(200, await CountAsync());
        Assert.Equal(1 << 20, new FileInfo(Path.Combine(_folder.Path, Physical, "vectors.bin")).Length, (1 << 20) * 0.1);
    }

    [Fact]
    public async Task Open_WhoseVectorsWereCutOff_SaysSo()
    {
        await UpsertAsync(Point(1));
        await CloseAsync(Store);
        File.WriteAllBytes(Path.Combine(_folder.Path, Physical, "vectors.bin"), []);

        await using var store = (FlatIndexStore)await OpenAsync();
        var error = await Assert.ThrowsAsync<PermanentException>(() => store.CountAsync(new(Physical, Docs), Cancel));

        Assert.Equal(ErrorCodes.StorageDamaged, error.Code);
    }
}
