using System.Text.Json.Nodes;
using Quiver.Tests.Support.Qdrant;
using Wire = Qdrant.Client.Grpc;

namespace Quiver.Tests.Integration.Vectors.Qdrant;

/// <summary>Counts by fields with an index that was created on the server.</summary>
public sealed class QdrantFacetTests : IAsyncLifetime
{
    private const string Physical = "quiver_facets_4d";

    private QdrantStandIn _server = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _server = await QdrantStandIn.StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Facet_OfAFieldOnceItHasAnIndex_CountsExactlyWithinTheScope()
    {
        using var store = QdrantStores.Open(_server);
        await store.EnsureCollectionAsync(Physical, new PhysicalCollectionSpec { Dimensions = 4 }, Token);
        await store.UpsertAsync(
            new(Physical, QdrantSamples.Docs),
            [.. Enumerable.Range(0, 5).Select(i => QdrantSamples.Point(i) is var point ? point with { Payload = point.Payload with { Metadata = Metadata(i) } } : null!)],
            Token);
        Assert.Equal(
            ErrorCodes.NotSupported,
            (await Assert.ThrowsAsync<InvalidRequestException>(() => store.FacetAsync(new(Physical, QdrantSamples.Docs), new() { Field = "file.kind" }, Token))).Code);
        Index("\"file.kind\"", Wire.PayloadSchemaType.Keyword);

        var all = await store.FacetAsync(new(Physical, QdrantSamples.Docs), new() { Field = "file.kind" }, Token);
        var filtered = await store.FacetAsync(
            new(Physical, QdrantSamples.Docs), new() { Field = "file.kind", Limit = 1, Filter = ImmutableDictionary<string, string>.Empty.Add("language", "en") }, Token);

        Assert.Equal([new("b", 3), new("a", 2)], all);
        Assert.Equal([new("b", 3)], filtered);
        var sent = _server.Requests.Select(request => request.Message).OfType<Wire.FacetCounts>().Last();
        Assert.Equal(("\"file.kind\"", false), (sent.Key, sent.Exact));
        Assert.Equal(["tenant_id", "collection", "language"], sent.Filter.Must.Select(condition => condition.Field.Key));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Facet_OfManyDocuments_IsExactWithoutCountingThemAll(bool isOptimizing)
    {
        using var store = QdrantStores.Open(_server);
        await store.EnsureCollectionAsync(Physical, new PhysicalCollectionSpec { Dimensions = 4 }, Token);
        await store.UpsertAsync(new(Physical, QdrantSamples.Docs), [.. Enumerable.Range(0, 250).Select(i => QdrantSamples.Point(i))], Token);
        _server.State.Edit(Physical, collection => collection.IsOptimizing = isOptimizing);
        var before = _server.State.FilteredReads;

        var values = await store.FacetAsync(new(Physical, QdrantSamples.Docs), new() { Field = "document_id", Limit = 5 }, Token);

        Assert.Equal(5, values.Count);
        Assert.All(values, static value => Assert.Equal(1, value.Points));
        Assert.InRange(_server.State.FilteredReads - before, 1, 50);
    }

    [Fact]
    public async Task Facet_OfValuesThatAreNoText_GivesThemAsText()
    {
        using var store = QdrantStores.Open(_server);
        await store.EnsureCollectionAsync(Physical, new PhysicalCollectionSpec { Dimensions = 4 }, Token);
        Index("stars", Wire.PayloadSchemaType.Integer);
        Index("draft", Wire.PayloadSchemaType.Bool);
        Index("tags", Wire.PayloadSchemaType.Keyword);
        Store(1, new() { ["stars"] = 9007199254740993, ["draft"] = true, ["tags"] = new JsonArray("x", "y") });
        Store(2, new() { ["stars"] = -1, ["draft"] = true, ["tags"] = "x" });

        async Task<IReadOnlyList<FacetValue>> Count(string field) => await store.FacetAsync(new(Physical, QdrantSamples.Docs), new() { Field = field }, Token);

        Assert.Equal([new("-1", 1), new("9007199254740993", 1)], await Count("stars"));
        Assert.Equal([new("true", 2)], await Count("draft"));
        Assert.Equal([new("x", 2), new("y", 1)], await Count("tags"));
    }

    private static ImmutableDictionary<string, string> Metadata(int number) =>
        ImmutableDictionary<string, string>.Empty.Add("file.kind", number < 2 ? "a" : "b").Add("language", "en");

    private void Index(string field, Wire.PayloadSchemaType type) =>
        _server.State.Edit(Physical, collection => collection.Indexes[field] = new() { DataType = type });

    /// <summary>Stores a point as another program would.</summary>
    private void Store(int number, JsonObject payload)
    {
        payload["tenant_id"] = QdrantSamples.Docs.Tenant.Value;
        payload["collection"] = QdrantSamples.Docs.Collection.Value;
        var id = new Guid(number, 0, 0, new byte[8]);
        _server.State.Edit(Physical, collection => collection.Set(id, new(id, [1, 0, 0, number], JsonNode.Parse(payload.ToJsonString())!.AsObject())));
    }
}
