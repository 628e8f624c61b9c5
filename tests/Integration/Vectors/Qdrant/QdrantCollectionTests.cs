using Quiver.Core.Vectors;
using Quiver.Tests.Support.Qdrant;
using Wire = Qdrant.Client.Grpc;

namespace Quiver.Tests.Integration.Vectors.Qdrant;

/// <summary>Collections that the adapter creates, compares and changes.</summary>
public sealed class QdrantCollectionTests : IAsyncLifetime
{
    private const string Physical = "quiver_settings_4d";

    private static readonly StorageSettings Everything = new()
    {
        Distance = VectorDistance.Dot,
        Shards = 2,
        Replicas = 2,
        WriteConsistency = 1,
        VectorsOnDisk = true,
        PayloadOnDisk = false,
        WalCapacityMb = 4,
        Hnsw = new() { M = 0, EfConstruct = 64, PayloadM = 16, FullScanThresholdKb = 5000, OnDisk = true },
        Quantization = new() { Kind = QuantizationKind.Scalar, Quantile = 0.99, AlwaysInMemory = true },
        Optimizers = new() { DeletedThreshold = 0.3, VacuumMinVectors = 2000, Segments = 2, MaxSegmentKb = 100_000, IndexingThresholdKb = 20_000, FlushIntervalSeconds = 10, MaxThreads = 1 },
        StrictMode = new() { Enabled = true, MaxQueryLimit = 1000, MaxUpsertPoints = 512, MaxPoints = 1_000_000, MaxVectorBytes = 1L << 33, ReadsPerMinute = 1000, WritesPerMinute = 1000 },
    };

    private QdrantStandIn _server = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _server = await QdrantStandIn.StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Ensure_OfANewCollection_MakesTheIndexesBeforeAnyPoint()
    {
        using var store = QdrantStores.Open(_server);

        await store.EnsureCollectionAsync(Physical, new PhysicalCollectionSpec { Dimensions = 4, Model = "words" }, Token);
        await store.UpsertAsync(new(Physical, QdrantSamples.Docs), [QdrantSamples.Point(1)], Token);

        const string Index = "Points.CreateFieldIndex";
        Assert.Equal(
            ["Collections.Create", Index, Index, Index, Index, Index, Index, "Points.Upsert"],
            _server.Requests.Select(request => request.Operation).Where(operation => operation is "Collections.Create" or Index or "Points.Upsert"));
        var indexes = _server.Requests.Select(request => request.Message).OfType<Wire.CreateFieldIndexCollection>().ToList();
        Assert.Equal(["tenant_id", "collection", "document_id", "generation", "epoch", "indexed_at"], indexes.Select(index => index.FieldName));
        Assert.Equal(
            [Wire.FieldType.Keyword, Wire.FieldType.Keyword, Wire.FieldType.Keyword, Wire.FieldType.Integer, Wire.FieldType.Integer, Wire.FieldType.Datetime],
            indexes.Select(index => index.FieldType));
        Assert.Equal(["tenant_id"], indexes.Where(index => index.FieldIndexParams?.KeywordIndexParams?.IsTenant is true).Select(index => index.FieldName));
        Assert.All(indexes, index => Assert.True(index.Wait));
        Assert.Equal("words", Config().Metadata["quiver"].StructValue.Fields["model"].StringValue);
    }

    [Fact]
    public async Task Ensure_WithEverySetting_CreatesItAndAcceptsItAgain()
    {
        using var store = QdrantStores.Open(_server);
        var spec = new PhysicalCollectionSpec { Dimensions = 4, Storage = Everything };

        await store.EnsureCollectionAsync(Physical, spec, Token);
        await store.EnsureCollectionAsync(Physical, spec, Token);
        await store.EnsureCollectionAsync(Physical, new PhysicalCollectionSpec { Dimensions = 4, Storage = new() { Distance = VectorDistance.Dot } }, Token);

        Assert.Equal(2u, Config().Params.ShardNumber);
        Assert.Equal((Wire.QuantizationType.Int8, 0.99f), (Config().QuantizationConfig.Scalar.Type, Config().QuantizationConfig.Scalar.Quantile));
        Assert.Contains("\"alwaysRam\": true", Config().QuantizationConfig.Scalar.ToString(), StringComparison.Ordinal);
        Assert.Equal(16ul, Config().HnswConfig.PayloadM);
    }

    public static TheoryData<string, string> Differences => new()
    {
        { "storage.shards is 2, not 3", "shards" },
        { "storage.hnsw.payloadM is 16, not 32", "payloadM" },
        { "storage.quantization.kind is scalar, not none", "quantization" },
        { "storage.distance is Dot, not Cosine", "distance" },
        { "storage.optimizers.deletedThreshold is 0.3, not 0.5", "optimizers" },
        { "storage.strictMode.enabled is true, not false", "strict" },
    };

    [Theory]
    [MemberData(nameof(Differences))]
    public async Task Ensure_OfACollectionThatDiffers_NamesTheDifference(string sentence, string what)
    {
        using var store = QdrantStores.Open(_server);
        await store.EnsureCollectionAsync(Physical, new PhysicalCollectionSpec { Dimensions = 4, Storage = Everything }, Token);
        var wanted = what switch
        {
            "shards" => Everything with { Shards = 3 },
            "payloadM" => Everything with { Hnsw = new() { PayloadM = 32 } },
            "quantization" => Everything with { Quantization = new() { Kind = QuantizationKind.None } },
            "optimizers" => Everything with { Optimizers = new() { DeletedThreshold = 0.5 } },
            "strict" => Everything with { StrictMode = new() { Enabled = false } },
            _ => new StorageSettings(),
        };

        var error = await Assert.ThrowsAsync<ConflictException>(() => store.EnsureCollectionAsync(Physical, new PhysicalCollectionSpec { Dimensions = 4, Storage = wanted }, Token));

        Assert.Equal(ErrorCodes.SettingsConflict, error.Code);
        Assert.Contains(sentence, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ensure_AtOnceFromEverywhere_CreatesOne()
    {
        using var store = QdrantStores.Open(_server);

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => store.EnsureCollectionAsync(Physical, 4, Token)));

        Assert.Equal([Physical], _server.State.Names);
    }

    [Fact]
    public async Task Ensure_OfSomebodyElsesCollection_IsRefused()
    {
        _server.State.Create(new()
        {
            CollectionName = Physical,
            VectorsConfig = new() { ParamsMap = new() { Map = { ["theirs"] = new() { Size = 4, Distance = Wire.Distance.Cosine } } } },
        });
        using var store = QdrantStores.Open(_server);

        var error = await Assert.ThrowsAsync<ConflictException>(() => store.EnsureCollectionAsync(Physical, 4, Token));

        Assert.Equal(ErrorCodes.SettingsConflict, error.Code);
    }

    [Fact]
    public async Task Change_OfWhatCanBeChanged_IsThere()
    {
        using var store = QdrantStores.Open(_server);
        await store.EnsureCollectionAsync(Physical, 4, Token);
        var changes = Everything with { Distance = null, Shards = null, WalCapacityMb = null };

        await store.ChangeCollectionAsync(Physical, changes, Token);

        await store.EnsureCollectionAsync(Physical, new PhysicalCollectionSpec { Dimensions = 4, Storage = changes }, Token);
        await store.ChangeCollectionAsync(Physical, new() { Quantization = new() { Kind = QuantizationKind.None } }, Token);
        Assert.Null(Config().QuantizationConfig);
    }

    [Fact]
    public async Task Change_OfWhatIsFixed_SaysWhyAndChangesNothing()
    {
        using var store = QdrantStores.Open(_server);
        await store.EnsureCollectionAsync(Physical, 4, Token);

        var error = await Assert.ThrowsAsync<ConflictException>(() => store.ChangeCollectionAsync(Physical, new() { Shards = 4, Hnsw = new() { M = 8 } }, Token));

        Assert.Equal(ErrorCodes.SettingsConflict, error.Code);
        Assert.Contains("storage.shards", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(_server.Requests, request => request.Operation == "Collections.Update");
    }

    [Fact]
    public async Task Change_OfAMissingCollection_IsUnknown()
    {
        using var store = QdrantStores.Open(_server);

        Assert.Equal(ErrorCodes.UnknownCollection, (await Assert.ThrowsAsync<PermanentException>(() => store.ChangeCollectionAsync(Physical, new() { Replicas = 2 }, Token))).Code);
    }

    [Fact]
    public async Task Settings_ThatTheServerIsTooOldFor_AreRefused()
    {
        await using var old = await QdrantStandIn.StartAsync("1.12.0");
        using var store = QdrantStores.Open(old);

        var error = await Assert.ThrowsAsync<InvalidRequestException>(
            () => store.EnsureCollectionAsync(Physical, new PhysicalCollectionSpec { Dimensions = 4, Storage = new() { StrictMode = new() { Enabled = true } } }, Token));

        Assert.Equal(ErrorCodes.NotSupported, error.Code);
    }

    [Theory]
    [InlineData(VectorDistance.Euclid)]
    [InlineData(VectorDistance.Manhattan)]
    [InlineData(VectorDistance.Dot)]
    public async Task Query_ByAnotherDistance_GivesTheNearestFirst(VectorDistance distance)
    {
        using var store = QdrantStores.Open(_server);
        await store.EnsureCollectionAsync(Physical, new PhysicalCollectionSpec { Dimensions = 4, Storage = new() { Distance = distance } }, Token);
        await store.UpsertAsync(new(Physical, QdrantSamples.Docs), [.. Enumerable.Range(1, 5).Select(i => QdrantSamples.Point(i, vector: [i, 0, 0, 0]))], Token);

        var hits = await store.QueryAsync(new(Physical, QdrantSamples.Docs), new(new float[] { 1, 0, 0, 0 }, 5), Token);

        Assert.Equal(distance == VectorDistance.Dot ? ["d5", "d4", "d3", "d2", "d1"] : ["d1", "d2", "d3", "d4", "d5"], hits.Select(hit => hit.Payload.DocumentId));
    }

    [Fact]
    public async Task Filter_ByFieldsWithUnusualNames_MeansTheFieldOfThatName()
    {
        using var store = QdrantStores.Open(_server);
        await store.EnsureCollectionAsync(Physical, 4, Token);
        var point = QdrantSamples.Point(1);
        await store.UpsertAsync(new(Physical, QdrantSamples.Docs), [point with { Payload = point.Payload with { Metadata = ImmutableDictionary<string, string>.Empty.Add("a.b", "c") } }], Token);

        var query = new PointQuery(point.Vector, 5);
        Assert.Single(await store.QueryAsync(new(Physical, QdrantSamples.Docs), query with { Filter = ImmutableDictionary<string, string>.Empty.Add("a.b", "c") }, Token));
        await Assert.ThrowsAsync<InvalidRequestException>(
            () => store.QueryAsync(new(Physical, QdrantSamples.Docs), query with { Filter = ImmutableDictionary<string, string>.Empty.Add("a\"b", "c") }, Token));
    }

    private Wire.CollectionConfig Config() => _server.State.Config(Physical)!;
}
