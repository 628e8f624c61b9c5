using Quiver.Core.Vectors;
using Quiver.Tests.Support.Qdrant;

namespace Quiver.Tests.Integration.Vectors.Qdrant;

/// <summary>Protocol, headers and number of requests.</summary>
public sealed class QdrantWireTests
{
    private const string Physical = "quiver_wire_4d";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Store_AtWork_AsksForTheVersionOnceAndForNoCompression()
    {
        await using var server = await QdrantStandIn.StartAsync();
        using var store = QdrantStores.Open(server, options => options.ApiKey = "secret");

        await store.EnsureCollectionAsync(Physical, 4, Token);
        await store.EnsureCollectionAsync(Physical, 4, Token);
        for (var i = 0; i < 10; i++)
        {
            await store.UpsertAsync(new(Physical, QdrantSamples.Docs), [QdrantSamples.Point(i)], Token);
            await store.QueryAsync(new(Physical, QdrantSamples.Docs), new(QdrantSamples.Point(i).Vector, 5), Token);
        }

        Assert.Single(server.Requests, request => request.Path == "/");
        Assert.True(server.Requests.Count > 30, $"Only {server.Requests.Count} requests came.");
        Assert.All(server.Requests, request =>
        {
            Assert.DoesNotContain("Accept-Encoding", request.Headers.Keys);
            Assert.DoesNotContain("Content-Encoding", request.Headers.Keys);
            Assert.Equal("secret", request.Headers["api-key"]);
        });
        Assert.All(server.Requests.Where(request => request.ChangesPoints), request => Assert.Equal("application/json", request.Headers["Content-Type"]));
    }
}
