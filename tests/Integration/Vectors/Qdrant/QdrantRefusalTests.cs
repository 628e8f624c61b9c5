using Quiver.Adapters.Vectors.Qdrant;
using Quiver.Core.Vectors;
using Quiver.Tests.Support;
using Quiver.Tests.Support.Qdrant;
using Wire = Qdrant.Client.Grpc;

namespace Quiver.Tests.Integration.Vectors.Qdrant;

/// <summary>Errors that only the server's text identifies, because many share a status.</summary>
public sealed class QdrantRefusalTests : IAsyncLifetime
{
    private const string Physical = "quiver_refusals_4d";

    private QdrantStandIn _server = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _server = await QdrantStandIn.StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    public static TheoryData<string, string> Limits => new()
    {
        { nameof(Wire.StrictModeConfig.MaxPointsCount), "Max points count limit of 3 reached!" },
        { nameof(Wire.StrictModeConfig.MaxCollectionVectorSizeBytes), "Max vector storage size limit of" },
    };

    [Theory]
    [MemberData(nameof(Limits))]
    public async Task Points_BeyondALimitOfStrictMode_FindTheStoreFull(string limit, string said)
    {
        var isCount = limit == nameof(Wire.StrictModeConfig.MaxPointsCount);
        using var store = await OpenAsync(isCount ? new() { MaxPointsCount = 3 } : new() { MaxCollectionVectorSizeBytes = 48 });
        await UpsertAsync(store, 1, 3);

        var error = await Assert.ThrowsAsync<PermanentException>(() => UpsertAsync(store, 4, 1));
        Set(isCount ? new() { MaxPointsCount = 1000 } : new() { MaxCollectionVectorSizeBytes = 1_000_000 });
        await UpsertAsync(store, 4, 1);

        Assert.Equal(ErrorCodes.StorageFull, error.Code);
        Assert.Contains(said, error.Message, StringComparison.Ordinal);
        Assert.Contains("storage.strictMode.maxPoints", error.Message, StringComparison.Ordinal);
        Assert.Equal(4, _server.State.Points(Physical).Count);
    }

    [Fact]
    public async Task Points_MoreThanTheServerTakesAtOnce_ComeInSmallerParts()
    {
        using var store = await OpenAsync(new() { UpsertMaxBatchsize = 10 });

        Assert.Equal(new UpsertOutcome(64, 0), await UpsertAsync(store, 1, 64));

        Assert.Equal(64, _server.State.Points(Physical).Count);
    }

    [Fact]
    public async Task Points_MoreThanAMinuteAllows_ComeInSmallerParts_AndAreThrottledWithTheTimeToWait()
    {
        using var store = await OpenAsync(new() { WriteRateLimit = 40 });
        var clock = new ManualTimeProvider();
        _server.State.Edit(Physical, collection => collection.Rates.Time = clock);

        // Two parts of 32 points: the second finds eight of the minute's forty.
        var throttled = await Assert.ThrowsAsync<ThrottledException>(() => UpsertAsync(store, 1, 64));
        clock.Advance(TimeSpan.FromMinutes(1));
        await UpsertAsync(store, 33, 32);
        clock.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(TimeSpan.FromSeconds(36), throttled.RetryAfter);
        Assert.Equal(64, _server.State.Points(Physical).Count);
        clock.Advance(TimeSpan.FromMinutes(1));
        await Assert.ThrowsAsync<ThrottledException>(() => store.DeleteSomeAsync(new(Physical, QdrantSamples.Docs), 64, Token));
        Assert.Equal(32, _server.State.Points(Physical).Count);
    }

    [Fact]
    public async Task Reads_ThatCostMoreThanAMinuteAllows_ArePermanentlyRefused()
    {
        using var store = await OpenAsync(new() { ReadRateLimit = 2 });

        var error = await Assert.ThrowsAsync<PermanentException>(() => store.CountAsync(new(Physical, QdrantSamples.Docs), Token));

        Assert.Equal(ErrorCodes.SettingsConflict, error.Code);
        Assert.Contains("storage.strictMode.readsPerMinute", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ExactCounts_ThatStrictModeForbids_AreMadeByReadingIds()
    {
        using var store = await OpenAsync(new() { SearchAllowExact = false });
        var scope = new PointScope(Physical, QdrantSamples.Docs);
        for (var batch = 0; batch < 5; batch++)
        {
            await UpsertAsync(store, batch * 250, 250);
        }

        // Estimates would be twice as high.
        _server.State.Edit(Physical, static collection => collection.IsOptimizing = true);

        Assert.Equal(1250, await store.CountAsync(scope, Token));
        Assert.Equal([new("d7", 1)], await store.FacetAsync(scope, new() { Field = "document_id", Filter = ImmutableDictionary<string, string>.Empty.Add("document_id", "d7") }, Token));
        Assert.Equal(1, await store.DeleteOlderAsync(scope, [QdrantSamples.Point(1).Id], 2, Token));
        Assert.Equal(new UpsertOutcome(0, 1), await store.UpsertAsync(scope, [QdrantSamples.Point(2, generation: 0)], Token));
    }

    [Fact]
    public async Task Message_ThatIsTooLargeForWhatIsInFront_IsHalved()
    {
        using var store = await OpenAsync(new());
        _server.Faults = static request => request.ChangesPoints && request.Bytes > 3_000 ? StandInFault.TooLarge413 : StandInFault.None;

        Assert.Equal(new UpsertOutcome(64, 0), await UpsertAsync(store, 1, 64));

        Assert.Equal(64, _server.State.Points(Physical).Count);
    }

    [Fact]
    public async Task Vectors_OfOtherDimensions_AreRefusedByTheServerInItsWords()
    {
        using (await OpenAsync(new()))
        {
        }

        // This store does not know the collection's dimensions, so it rejects nothing before sending.
        using var fresh = QdrantStores.Open(_server);
        var upsert = await Assert.ThrowsAsync<PermanentException>(
            () => fresh.UpsertAsync(new(Physical, QdrantSamples.Docs), [QdrantSamples.Point(1, vector: [1, 2, 3])], Token));
        var query = await Assert.ThrowsAsync<PermanentException>(
            () => fresh.QueryAsync(new(Physical, QdrantSamples.Docs), new(new float[] { 1, 2, 3 }, 5), Token));

        Assert.All([upsert, query], error => Assert.Equal(ErrorCodes.DimensionMismatch, error.Code));
        Assert.All([upsert, query], error => Assert.Contains("expected dim: 4, got 3", error.Message, StringComparison.Ordinal));
        Assert.Empty(_server.State.Points(Physical));
    }

    private async Task<QdrantStore> OpenAsync(Wire.StrictModeConfig strictMode)
    {
        var store = QdrantStores.Open(_server);
        await store.EnsureCollectionAsync(Physical, new PhysicalCollectionSpec { Dimensions = 4 }, Token);
        Set(strictMode);
        return store;
    }

    /// <summary>Sets limits on the server.</summary>
    private void Set(Wire.StrictModeConfig strictMode)
    {
        strictMode.Enabled = true;
        _server.State.Change(new() { CollectionName = Physical, StrictModeConfig = strictMode });
    }

    private static Task<UpsertOutcome> UpsertAsync(QdrantStore store, int first, int count) =>
        store.UpsertAsync(new(Physical, QdrantSamples.Docs), [.. Enumerable.Range(first, count).Select(i => QdrantSamples.Point(i))], Token);
}
