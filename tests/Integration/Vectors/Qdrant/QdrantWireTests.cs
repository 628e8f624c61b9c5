using Quiver.Core.Vectors;
using Quiver.Tests.Support.Qdrant;
using Wire = Qdrant.Client.Grpc;

namespace Quiver.Tests.Integration.Vectors.Qdrant;

/// <summary>Protocol, headers and number of requests.</summary>
public sealed class QdrantWireTests
{
    private const string Physical = "quiver_wire_4d";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Store_AtWork_AsksForTheVersionOnceAndCompressesNothing()
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

        Assert.Single(server.Requests, request => request.Operation == "Qdrant.HealthCheck");
        Assert.True(server.Requests.Count > 30, $"Only {server.Requests.Count} requests came.");
        Assert.All(server.Requests, request =>
        {
            Assert.False(request.Headers.ContainsKey("grpc-encoding"));
            Assert.True(request.Headers.ContainsKey("grpc-timeout"));
            Assert.Equal("secret", request.Headers["api-key"]);
            Assert.Equal("HTTP/2", request.Protocol);
        });
        Assert.All(
            server.Requests.Select(request => request.Message).OfType<Wire.UpsertPoints>(),
            message => Assert.Equal((true, 59ul), (message.Wait, message.Timeout)));
    }

    [Theory]
    [InlineData("1.19.0", false, 1, 0)]
    [InlineData("1.19.0", false, 2, 1)]
    [InlineData("1.19.0", true, 1, 1)]
    [InlineData("1.18.3", false, 1, 1)]
    [InlineData("1.15.0", true, 2, 0)]
    public async Task Upsert_IsFencedByTheServer_WhereThatIsNeededOrStopsNothing(string version, bool hasRivals, long epoch, int fenced)
    {
        await using var server = await QdrantStandIn.StartAsync(version);
        using var store = QdrantStores.Open(server.Address, hasRivals: hasRivals);
        await store.EnsureCollectionAsync(Physical, 4, Token);

        await store.UpsertAsync(new(Physical, QdrantSamples.Docs), [QdrantSamples.Point(1, epoch: epoch)], Token);

        var upsert = Assert.Single(server.Requests.Select(request => request.Message).OfType<Wire.UpsertPoints>());
        Assert.Equal(fenced, upsert.UpdateFilter is null ? 0 : 1);
        Assert.Equal(version == "1.19.0" ? fenced : 0, server.State.ShardStops);
    }

    [Fact]
    public async Task Points_OfAServerBefore116_AreReadInTheirOldForm()
    {
        // The deprecated member is the one that all supported versions read.
        await using var server = await QdrantStandIn.StartAsync("1.12.0");
        using var store = QdrantStores.Open(server);
        await store.EnsureCollectionAsync(Physical, 4, Token);

        await store.UpsertAsync(new(Physical, QdrantSamples.Docs), [QdrantSamples.Point(1)], Token);

        var vector = server.Requests.Select(request => request.Message).OfType<Wire.UpsertPoints>().Single().Points[0].Vectors.Vectors_.Vectors["dense"];
        Assert.Null(vector.Dense);
        Assert.Equal([1, 1, 0.5f, -1], StandInPoint.Read(vector));
    }
}
