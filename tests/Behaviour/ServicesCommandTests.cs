using System.Text.Json;
using Quiver.Cli;
using Quiver.Client.Json;
using Quiver.Tests.Integration.EndToEnd;
using Quiver.Tests.Services.S3;
using Quiver.Tests.Support;

namespace Quiver.Tests.Behaviour;

/// <summary>The real executable between three services, which it knows from the environment alone.</summary>
[Collection(S3ServerCollection.Name)]
public sealed class ServicesCommandTests(S3Server server) : IDisposable
{
    private readonly TemporaryFolder _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task Ingest_FromS3ByAProviderIntoQdrant_ThenSearch_FindsWhatWasAskedFor()
    {
        const string wanted = "The garden has seven apple trees.";
        var bucket = await server.NewBucketAsync();
        await bucket.PutAsync("notes/a.jsonl", $$"""{"id":"trees","text":"{{wanted}}"}""" + "\n" + """{"id":"roof","text":"The roof was repaired in May."}""");
        await bucket.PutAsync("notes/b.jsonl.gz", TestBucket.Gzip("""{"id":"well","text":"The well is eleven metres deep."}"""));
        await using var services = await ThreeServices.StartAsync(server);

        var ingest = await RunAsync(services, "ingest", bucket.Address("notes/"), "--collection", "notes", "--id-field", "id", "--json");
        var search = await RunAsync(services, "search", wanted, "--collection", "notes", "--json");

        var counters = JsonSerializer.Deserialize(ingest.Text, QuiverJsonContext.Shared.JobReport)!.Status.Counters;
        Assert.Equal((3L, 3L, 0L), (counters.Documents, counters.Stored, counters.Failed));
        Assert.Equal(3, services.Points.Count);
        services.AssertVectorsAreTrue("ingest");
        using var found = JsonDocument.Parse(search.Text);
        var best = found.RootElement.GetProperty("hits").EnumerateArray().First();
        Assert.Equal(("trees", wanted), (best.GetProperty("documentId").GetString(), best.GetProperty("text").GetString()));
    }

    private Task<LineLog> RunAsync(ThreeServices services, params string[] arguments) =>
        QuiverProcess.RunAsync(_home.Path, [.. arguments, "--data", _home.At("data")], ThreeServices.EnvironmentOf(services.Settings), ExitCodes.Success);
}
