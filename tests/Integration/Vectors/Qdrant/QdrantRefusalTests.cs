using System.Text.Json.Nodes;
using Quiver.Adapters.Vectors.Qdrant;
using Quiver.Core.Vectors;
using Quiver.Tests.Support.Qdrant;

namespace Quiver.Tests.Integration.Vectors.Qdrant;

/// <summary>Errors that only the server's text identifies, because their status is always 400.</summary>
public sealed class QdrantRefusalTests : IAsyncLifetime
{
    private const string Physical = "quiver_refusals_4d";

    private QdrantStandIn _server = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _server = await QdrantStandIn.StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData("max_points_count", 3, "Max points count limit of 3 reached!")]
    [InlineData("max_collection_vector_size_bytes", 48, "Max vector storage size limit of")]
    public async Task Points_BeyondALimitOfStrictMode_FindTheStoreFull(string limit, int value, string said)
    {
        using var store = await OpenAsync(limit, value);
        await UpsertAsync(store, 1, 3);

        var error = await Assert.ThrowsAsync<PermanentException>(() => UpsertAsync(store, 4, 1));
        Set(limit, 1_000_000);
        await UpsertAsync(store, 4, 1);

        Assert.Equal(ErrorCodes.StorageFull, error.Code);
        Assert.Contains(said, error.Message, StringComparison.Ordinal);
        Assert.Contains("storage.strictMode.maxPoints", error.Message, StringComparison.Ordinal);
        Assert.Equal(4, _server.State.Points(Physical).Count);
    }

    [Fact]
    public async Task Points_MoreThanTheServerTakesAtOnce_ComeInSmallerParts()
    {
        using var store = await OpenAsync("upsert_max_batchsize", 10);

        Assert.Equal(new UpsertOutcome(64, 0), await UpsertAsync(store, 1, 64));

        Assert.Equal(64, _server.State.Points(Physical).Count);
    }

    [Fact]
    public async Task Body_ThatIsTooLargeForWhoeverStandsInFront_IsHalved()
    {
        using var store = await OpenAsync("max_query_limit", 1000);
        _server.Faults = static request => request.ChangesPoints && request.Bytes > 3_000 ? StandInFault.TooLarge413 : StandInFault.None;

        Assert.Equal(new UpsertOutcome(64, 0), await UpsertAsync(store, 1, 64));

        Assert.Equal(64, _server.State.Points(Physical).Count);
    }

    [Fact]
    public async Task Vectors_OfOtherDimensions_AreRefusedByTheServerInItsWords()
    {
        using (await OpenAsync("max_query_limit", 1000))
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

    private async Task<QdrantStore> OpenAsync(string limit, int value)
    {
        var store = QdrantStores.Open(_server);
        await store.EnsureCollectionAsync(Physical, new PhysicalCollectionSpec { Dimensions = 4 }, Token);
        Set(limit, value);
        return store;
    }

    /// <summary>Sets a limit on the server.</summary>
    private void Set(string limit, int value)
    {
        var mode = new JsonObject { ["enabled"] = true, [limit] = value };
        var body = new JsonObject { ["strict_mode_config"] = mode };
        _server.State.Answer(new("PATCH", $"/collections/{Physical}", new Dictionary<string, string>(), 1, body));
    }

    private static Task<UpsertOutcome> UpsertAsync(QdrantStore store, int first, int count) =>
        store.UpsertAsync(new(Physical, QdrantSamples.Docs), [.. Enumerable.Range(first, count).Select(i => QdrantSamples.Point(i))], Token);
}
