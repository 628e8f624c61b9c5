using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Quiver.Tests.Support.Qdrant;

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
        await IndexAsync("\"file.kind\"", "keyword");

        var all = await store.FacetAsync(new(Physical, QdrantSamples.Docs), new() { Field = "file.kind" }, Token);
        var filtered = await store.FacetAsync(
            new(Physical, QdrantSamples.Docs), new() { Field = "file.kind", Limit = 1, Filter = ImmutableDictionary<string, string>.Empty.Add("language", "en") }, Token);

        Assert.Equal([new("b", 3), new("a", 2)], all);
        Assert.Equal([new("b", 3)], filtered);
        var sent = _server.Requests.Last(request => request.Path.EndsWith("/facet", StringComparison.Ordinal)).Body!;
        Assert.Equal(("\"file.kind\"", 1, true), (sent["key"]!.GetValue<string>(), sent["limit"]!.GetValue<int>(), sent["exact"]!.GetValue<bool>()));
        Assert.Equal(
            ["tenant_id", "collection", "language"],
            sent["filter"]!["must"]!.AsArray().Select(condition => condition!["key"]!.GetValue<string>()));
    }

    [Fact]
    public async Task Facet_OfValuesThatAreNoText_GivesThemAsText()
    {
        using var store = QdrantStores.Open(_server);
        await store.EnsureCollectionAsync(Physical, new PhysicalCollectionSpec { Dimensions = 4 }, Token);
        await IndexAsync("stars", "integer");
        await IndexAsync("draft", "bool");
        await IndexAsync("tags", "keyword");
        await StoreAsync(1, new() { ["stars"] = 9007199254740993, ["draft"] = true, ["tags"] = new JsonArray("x", "y") });
        await StoreAsync(2, new() { ["stars"] = -1, ["draft"] = true, ["tags"] = "x" });

        async Task<IReadOnlyList<FacetValue>> Count(string field) => await store.FacetAsync(new(Physical, QdrantSamples.Docs), new() { Field = field }, Token);

        Assert.Equal([new("-1", 1), new("9007199254740993", 1)], await Count("stars"));
        Assert.Equal([new("true", 2)], await Count("draft"));
        Assert.Equal([new("x", 2), new("y", 1)], await Count("tags"));
    }

    private static ImmutableDictionary<string, string> Metadata(int number) =>
        ImmutableDictionary<string, string>.Empty.Add("file.kind", number < 2 ? "a" : "b").Add("language", "en");

    private Task IndexAsync(string field, string type) =>
        SendAsync("/index", new() { ["field_name"] = field, ["field_schema"] = type });

    /// <summary>Stores a point as another program would.</summary>
    private Task StoreAsync(int number, JsonObject payload)
    {
        payload["tenant_id"] = QdrantSamples.Docs.Tenant.Value;
        payload["collection"] = QdrantSamples.Docs.Collection.Value;
        return SendAsync(
            "/points",
            new()
            {
                ["points"] = new JsonArray(new JsonObject
                {
                    ["id"] = new Guid(number, 0, 0, new byte[8]).ToString(),
                    ["vector"] = new JsonObject { ["dense"] = new JsonArray(1, 0, 0, number) },
                    ["payload"] = payload,
                }),
            });
    }

    private async Task SendAsync(string path, JsonObject body)
    {
        using var http = new HttpClient();
        using var answer = await http.PutAsJsonAsync($"{_server.Address}/collections/{Physical}{path}?wait=true", body, Token);
        answer.EnsureSuccessStatusCode();
    }
}
