using Quiver.Tests.Support;
using Quiver.Tests.Support.Qdrant;
using Wire = Qdrant.Client.Grpc;

namespace Quiver.Tests.Behaviour;

/// <summary>The real executable and a Qdrant server's address: what it asks of the server.</summary>
public sealed class QdrantCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task CollectionsCreate_WithSettings_AsksTheServerForThem()
    {
        await using var server = await QdrantStandIn.StartAsync();

        await RunAsync(server, [], "--model", "all-MiniLM-L6-v2", "--dedicated", "--shards", "3", "--replicas", "2", "--distance", "dot", "--vectors-on-disk", "true", "--hnsw-payload-m", "16");

        var request = Assert.Single(server.Requests.Select(request => request.Message).OfType<Wire.CreateCollection>());
        var vector = request.VectorsConfig.ParamsMap.Map["dense"];
        Assert.Contains("docs", request.CollectionName, StringComparison.Ordinal);
        Assert.Equal((3u, 2u, 16ul), (request.ShardNumber, request.ReplicationFactor, request.HnswConfig.PayloadM));
        Assert.Equal((384ul, Wire.Distance.Dot), (vector.Size, vector.Distance));
        Assert.Contains("\"onDisk\": true", vector.ToString(), StringComparison.Ordinal);
        Assert.StartsWith("all-MiniLM-L6-v2@", request.Metadata["quiver"].StructValue.Fields["model"].StringValue, StringComparison.Ordinal);
        Assert.Equal(6, server.Requests.Select(indexed => indexed.Message).OfType<Wire.CreateFieldIndexCollection>().Count(indexed => indexed.CollectionName == request.CollectionName));
    }

    [Fact]
    public async Task Server_WithACertificate_IsAskedByTls()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Elsewhere no file can say whom a process trusts.");
        using var certificate = new TestCertificate(_folder);
        await using var server = await QdrantStandIn.StartAsync(certificate: certificate.Certificate);

        await RunAsync(server, certificate.Trusting, "--dedicated");

        Assert.StartsWith("https://", server.Address, StringComparison.Ordinal);
        Assert.NotEmpty(server.Requests);
        Assert.All(server.Requests, request => Assert.Equal("HTTP/2", request.Protocol));
    }

    private Task RunAsync(QdrantStandIn server, IEnumerable<KeyValuePair<string, string>> environment, params string[] settings) => QuiverProcess.RunAsync(
        _folder.Path,
        ["collections", "create", "docs", .. settings, "--data", _folder.At("data")],
        [new("QUIVER__VECTORS__STORE", "Qdrant"), new("QUIVER__QDRANT__ADDRESS", server.Address), .. environment]);
}
