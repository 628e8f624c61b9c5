using Microsoft.Extensions.Logging.Abstractions;
using Quiver.Core.Embedding;
using Quiver.Core.Vectors;
using Quiver.Tests.Support;

namespace Quiver.Tests.Unit.Core.Embedding;

public sealed class ModelCheckTests
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(10);

    private readonly ManualTimeProvider _time = new();
    private readonly HashModel _model = new();
    private readonly MemoryVectorStore _store = new();
    private readonly MemoryModelProbes _probes = new();
    private readonly CollectionBinding _docs;

    public ModelCheckTests() => _docs = new()
    {
        Key = CollectionKey.Parse("acme/docs"),
        PhysicalCollection = "docs",
        Model = _model.Info.Id,
        Dimensions = HashModel.Dimensions,
    };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Probe_OfACollectionWithoutPoints_IsStoredOnlyAfterItsFirstPoints()
    {
        var check = Create();

        await RequireAsync(check);
        var before = await _probes.FindAsync(_docs.Key, Token);
        await check.StoredAsync(_docs, Token);

        Assert.Null(before);
        Assert.Equal(ModelCheck.Encode(HashModel.Embed(ModelCheck.Text)), await _probes.FindAsync(_docs.Key, Token));
    }

    [Fact]
    public async Task Probe_OfAWrongModelThatStoredNothing_DoesNotStay()
    {
        _model.Salt = "another model: ";
        await RequireAsync(Create());
        _model.Salt = "";
        var restarted = Create();

        await RequireAsync(restarted);
        await restarted.StoredAsync(_docs, Token);

        Assert.Equal(ModelCheck.Encode(HashModel.Embed(ModelCheck.Text)), await _probes.FindAsync(_docs.Key, Token));
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("another model: ", false)]
    public async Task Collection_WithAProbe_TakesItsModelOnly(string salt, bool isSame)
    {
        await _probes.TakeAsync(_docs.Key, ModelCheck.Encode(HashModel.Embed(ModelCheck.Text)), Token);
        _model.Salt = salt;

        await AssertAsync(isSame, "the similarity for its probe text is");
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("another model: ", false)]
    public async Task Collection_WithPointsAndWithoutProbe_TakesTheModelOfItsChunksOnly_AndThenHasAProbe(string salt, bool isSame)
    {
        await WriteAsync("one", "two", "three", "four");
        _model.Salt = salt;

        await AssertAsync(isSame, "the similarity for the chunks that are stored is");

        Assert.Equal(isSame ? ModelCheck.Encode(HashModel.Embed(ModelCheck.Text)) : null, await _probes.FindAsync(_docs.Key, Token));
        Assert.Equal(isSame ? ModelCheck.Samples + 1 : ModelCheck.Samples, _model.Texts);
    }

    [Fact]
    public async Task Collection_WhoseWrongProbeIsReset_TakesTheModelOfItsChunks()
    {
        await WriteAsync("one", "two");
        await _probes.TakeAsync(_docs.Key, ModelCheck.Encode(HashModel.Embed("another model: " + ModelCheck.Text)), Token);
        var check = Create();
        var refused = await Assert.ThrowsAsync<ConflictException>(() => RequireAsync(check));

        _probes.Reset(_docs.Key);
        await RequireAsync(check);

        Assert.Contains("quiver collections set docs --reset-model-check", refused.Message, StringComparison.Ordinal);
        Assert.Equal(ModelCheck.Encode(HashModel.Embed(ModelCheck.Text)), await _probes.FindAsync(_docs.Key, Token));
    }

    [Fact]
    public async Task Check_ByManyAtOnce_IsMadeOnce_AndAgainAfterSomeTime()
    {
        var check = Create();

        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => RequireAsync(check)));
        var first = _model.Calls;
        _time.Advance(Interval - TimeSpan.FromSeconds(1));
        await RequireAsync(check);
        var within = _model.Calls;
        await check.RequireAsync(_docs with { BornAfterGeneration = 1 }, _model, Token);
        var madeAgain = _model.Calls;
        _time.Advance(TimeSpan.FromSeconds(1));
        await RequireAsync(check);

        Assert.Equal((1, 1, 2, 3), (first, within, madeAgain, _model.Calls));
    }

    [Fact]
    public async Task Check_ThatFailed_IsMadeAgainByTheNextCall()
    {
        var check = Create();
        _model.Faults.Enqueue(new TransientException(ErrorCodes.ProviderUnavailable, "Down."));

        await Assert.ThrowsAsync<TransientException>(() => RequireAsync(check));
        await RequireAsync(check);

        Assert.Equal(2, _model.Calls);
    }

    [Fact]
    public void Similarity_OfOtherDimensions_IsNone() => Assert.Equal(0, ModelCheck.Similarity(ModelCheck.Encode([1, 0]), ModelCheck.Encode([1, 0, 0])));

    [Theory]
    [InlineData(1, 0, 1)]
    [InlineData(2, 0, 1)]
    [InlineData(1, 0.3f, 0.958)]
    [InlineData(1, 0.4f, 0.928)]
    [InlineData(0, 1, 0)]
    [InlineData(-1, 0, -1)]
    public void Similarity_IsTheCosine(float x, float y, double expected) =>
        Assert.Equal(expected, ModelCheck.Similarity(ModelCheck.Encode([1, 0]), ModelCheck.Encode([x, y])), 1e-3);

    [Fact]
    public void Encode_LongVector_KeepsItsBeginning()
    {
        var vector = Enumerable.Range(1, 60_000).Select(i => MathF.Sin(i)).ToArray();

        Assert.Equal(4096 * sizeof(float), Convert.FromBase64String(ModelCheck.Encode(vector)).Length);
        Assert.Equal(1, ModelCheck.Similarity(ModelCheck.Encode(vector), ModelCheck.Encode(vector)), 1e-9);
    }

    private ModelCheck Create() => new(_probes, _store, EmbeddingModelCatalog.Of(_model), _time, NullLogger<ModelCheck>.Instance);

    private Task RequireAsync(ModelCheck check) => check.RequireAsync(_docs, _model, Token);

    private async Task AssertAsync(bool isSame, string compared)
    {
        var error = await Record.ExceptionAsync(() => RequireAsync(Create()));

        if (isSame)
        {
            Assert.Null(error);
            return;
        }

        Assert.Equal(ErrorCodes.ModelMismatch, Assert.IsType<ConflictException>(error).Code);
        Assert.Contains(compared, error.Message, StringComparison.Ordinal);
        Assert.Contains("Serve the former model again and retry the job", error.Message, StringComparison.Ordinal);
    }

    private async Task WriteAsync(params string[] texts)
    {
        await _store.EnsureCollectionAsync(_docs.PhysicalCollection, HashModel.Dimensions, Token);
        await _store.UpsertAsync(_docs.PointScope, [.. texts.Select((text, i) => new VectorPoint(PointId.Create(_docs.Key, text, 0), HashModel.Embed(text), Payload(text)))], Token);
    }

    private PointPayload Payload(string text) => new()
    {
        Scope = _docs.Key,
        DocumentId = text,
        Chunk = 0,
        Text = text,
        StartChar = 0,
        EndChar = text.Length,
        StartLine = 1,
        EndLine = 1,
        Generation = 1,
        Epoch = 1,
        IndexedAt = _time.GetUtcNow(),
    };
}
