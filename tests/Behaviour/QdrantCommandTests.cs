using System.Text.Json.Nodes;
using Quiver.Tests.Support;
using Quiver.Tests.Support.Qdrant;

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

        var request = Assert.Single(server.Requests, request => request.Method == "PUT" && request.Path.Split('/').Length == 3);
        var body = request.Body!;
        Assert.Contains("docs", request.Path, StringComparison.Ordinal);
        Assert.Equal((3, 2, 16), (body["shard_number"]!.GetValue<int>(), body["replication_factor"]!.GetValue<int>(), body["hnsw_config"]!["payload_m"]!.GetValue<int>()));
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse("""{"size":384,"distance":"Dot","on_disk":true}"""), body["vectors"]!["dense"]), body.ToJsonString());
        Assert.StartsWith("all-MiniLM-L6-v2@", body["metadata"]!["quiver"]!["model"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal(6, server.Requests.Count(indexed => indexed.Path == request.Path + "/index"));
    }

    [Fact]
    public async Task Server_ThatOffersHttp2_IsAskedByIt()
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
