using Microsoft.Extensions.Options;
using Quiver.Adapters.Vectors.Embedded;
using Quiver.Core.Embedding;
using Quiver.Core.Search;
using Quiver.Core.Vectors;
using Quiver.Tests.Support;

namespace Quiver.Tests.Unit.Core.Search;

/// <summary>The modes of a search, on the embedded index and on a store that cannot search for words.</summary>
public sealed class SearchModeTests : IAsyncLifetime
{
    private const string Physical = "modes";

    private readonly TemporaryFolder _folder = new();
    private readonly HashModel _model = new();
    private readonly MemoryVectorStore _wordless = new();
    private FlatIndexStore _store = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private CollectionBinding Binding => new()
    {
        Key = CollectionKey.Parse("acme/docs"),
        PhysicalCollection = Physical,
        Model = _model.Info.Id,
        Dimensions = HashModel.Dimensions,
    };

    public async ValueTask InitializeAsync()
    {
        _store = new(Options.Create(new FlatIndexOptions { Directory = _folder.Path, SegmentBytes = 1 << 20 }));
        string[] texts = ["a red lighthouse", "two red ships", "three trains", .. Enumerable.Range(0, 200).Select(static i => $"other text {i}")];
        foreach (var store in (IVectorStore[])[_store, _wordless])
        {
            await store.EnsureCollectionAsync(Physical, HashModel.Dimensions, Token);
            await store.UpsertAsync(Binding.PointScope, [.. texts.Select((text, i) => CreatePoint(text, i))], Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Search_WithoutAMode_IsHybridAndSaysWhereAHitComesFrom()
    {
        var result = await SearchAsync(_store, new() { Query = "two red ships", Limit = 203 });

        var first = result.Hits[0];
        Assert.Equal((SearchMode.Hybrid, 203, 0), (result.Mode, result.Hits.Length, result.Notes.Length));
        Assert.Equal(("two red ships", 1f, 1, 1), (first.Text, first.Score, first.Dense!.Rank, first.Lexical!.Rank));
        Assert.Equal(1, first.Dense.Score, 1e-3);
        Assert.Equal(["two", "red", "ships"], first.Highlights.Select(range => first.Text[range.Start..range.End]));
        Assert.Contains(result.Hits, static hit => hit is { Text: "a red lighthouse", Lexical.Rank: 2 });
        Assert.Contains(result.Hits, static hit => hit is { Lexical: null, Dense: not null, Highlights.IsEmpty: true });
        Assert.Equal(result.Hits.OrderByDescending(static hit => hit.Score), result.Hits);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Search_WithAllTheWeightOnOneHalf_HasItsBestFirst(double weight)
    {
        var request = new SearchRequest { Query = "ships lighthouse", Limit = 2, LexicalWeight = weight };
        var half = await SearchAsync(_store, request with { Mode = weight == 0 ? SearchMode.Dense : SearchMode.Lexical, LexicalWeight = null });

        var result = await SearchAsync(_store, request);

        Assert.Equal(half.Hits[0].Id, result.Hits[0].Id);
    }

    [Fact]
    public async Task Search_Dense_IsThatOfTheVectors()
    {
        var result = await SearchAsync(_store, new() { Query = "two red ships", Limit = 3, Mode = SearchMode.Dense });
        var points = await _store.QueryAsync(Binding.PointScope, new(HashModel.Embed("two red ships"), 3), Token);

        Assert.Equal(SearchMode.Dense, result.Mode);
        Assert.Equal(points.Select(static (point, i) => (point.Id, point.Score, i + 1)), result.Hits.Select(static hit => (hit.Id, hit.Score, hit.Dense!.Rank)));
        Assert.All(result.Hits, static hit => Assert.True(hit.Lexical is null && hit.Highlights.IsEmpty));
    }

    [Fact]
    public async Task Search_Lexical_NeedsNoModel()
    {
        var search = new CollectionSearch(EmbeddingModelCatalog.Of(_model), _store);

        var result = await search.SearchAsync(Binding with { Model = "gone@1" }, new() { Query = "trains", Mode = SearchMode.Lexical }, Token);

        var hit = Assert.Single(result.Hits);
        Assert.Equal((SearchMode.Lexical, "three trains", null), (result.Mode, hit.Text, hit.Dense));
        Assert.Equal((1, hit.Score), (hit.Lexical!.Rank, hit.Lexical.Score));
        Assert.Equal(0, _model.Calls);
    }

    [Theory]
    [InlineData(SearchMode.Hybrid, 0.99f)]
    [InlineData(SearchMode.Dense, 0.99f)]
    [InlineData(SearchMode.Lexical, 5f)]
    public async Task Search_WithAThreshold_LeavesOutWhatIsBelow(SearchMode mode, float threshold)
    {
        var all = await SearchAsync(_store, new() { Query = "two red ships", Limit = 50, Mode = mode });
        var some = await SearchAsync(_store, new() { Query = "two red ships", Limit = 50, Mode = mode, ScoreThreshold = threshold });

        Assert.True(all.Hits.Length > some.Hits.Length);
        Assert.Equal(all.Hits.Where(hit => hit.Score >= threshold).Select(static hit => hit.Id), some.Hits.Select(static hit => hit.Id));
        Assert.Equal("two red ships", some.Hits[0].Text);
    }

    [Fact]
    public async Task Search_WithAThresholdAlone_IsDense() =>
        Assert.Equal(SearchMode.Dense, (await SearchAsync(_store, new() { Query = "two red ships", ScoreThreshold = 0.5f })).Mode);

    [Theory]
    [InlineData(null)]
    [InlineData(SearchMode.Hybrid)]
    public async Task Search_InAStoreWithoutWords_IsDenseAndSaysWhy(SearchMode? mode)
    {
        var result = await SearchAsync(_wordless, new() { Query = "two red ships", Limit = 3, Mode = mode });
        var dense = await SearchAsync(_wordless, new() { Query = "two red ships", Limit = 3, Mode = SearchMode.Dense });

        Assert.Equal((SearchMode.Dense, "Searched by vectors only: The vector store cannot search for words."), (result.Mode, Assert.Single(result.Notes).Message));
        Assert.Equal(dense.Hits.Select(static hit => (hit.Id, hit.Score)), result.Hits.Select(static hit => (hit.Id, hit.Score)));
    }

    [Fact]
    public async Task Search_LexicalInAStoreWithoutWords_IsRefused()
    {
        var lexical = await Assert.ThrowsAsync<InvalidRequestException>(() => SearchAsync(_wordless, new() { Query = "q", Mode = SearchMode.Lexical }));
        var threshold = await Assert.ThrowsAsync<InvalidRequestException>(() => SearchAsync(_wordless, new() { Query = "q", Mode = SearchMode.Hybrid, ScoreThreshold = 0.5f }));

        Assert.Equal((ErrorCodes.NotSupported, ErrorCodes.NotSupported), (lexical.Code, threshold.Code));
    }

    private Task<SearchResult> SearchAsync(IVectorStore store, SearchRequest request) =>
        new CollectionSearch(EmbeddingModelCatalog.Of(_model), store).SearchAsync(Binding, request, Token);

    private VectorPoint CreatePoint(string text, int number) => new(PointId.Create(Binding.Key, "d", number), HashModel.Embed(text), new()
    {
        Scope = Binding.Key,
        DocumentId = "d",
        Chunk = number,
        Text = text,
        StartChar = 0,
        EndChar = text.Length,
        StartLine = 1,
        EndLine = 1,
        Generation = 1,
        Epoch = 1,
        IndexedAt = DateTimeOffset.UnixEpoch,
    });
}
