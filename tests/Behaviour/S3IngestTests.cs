using System.Text.Json;
using Quiver.Cli;
using Quiver.Client.Json;
using Quiver.Tests.Services.S3;
using Quiver.Tests.Support;

namespace Quiver.Tests.Behaviour;

/// <summary>The real executable against a real S3 server.</summary>
[Collection(S3ServerCollection.Name)]
public sealed class S3IngestTests(S3Server server) : IDisposable
{
    private readonly TemporaryFolder _home = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task Ingest_APrefixThenMirrorsIt_KeepsTheCollectionInStepAndExportsFailures()
    {
        var bucket = await server.NewBucketAsync();
        await bucket.PutAsync("docs/a.md", "# Rivers\n\nThe Danube flows into the Black Sea.");
        await bucket.PutAsync("docs/b.jsonl.gz", TestBucket.Gzip("{\"text\":\"Bees make honey.\"}\n{\"text\":\"Ants build hills.\"}\nbroken\n"));
        await bucket.PutAsync("docs/c.txt", "Granite is an igneous rock.");

        var first = await IngestAsync(bucket, ExitCodes.Warnings, "--max-failure-ratio", "1");
        await bucket.DeleteAsync("docs/c.txt");
        await bucket.PutAsync("docs/b.jsonl.gz", TestBucket.Gzip("{\"text\":\"Bees make honey.\"}\n{\"text\":\"Termites build mounds.\"}\n"));
        var second = await IngestAsync(bucket, ExitCodes.Success);
        var exported = await QuiverProcess.RunAsync(_home.Path, ["jobs", "failures", $"{first.Status.Id}", "--export", "--json", "--data", _home.At("data")], Environment(bucket));

        Assert.Equal((5L, 4L, 1L), (first.Status.Counters.Documents, first.Status.Counters.Stored, first.Status.Counters.Failed));
        var counters = second.Status.Counters;
        Assert.Equal((3L, 1L, 2L, 1L), (counters.Documents, counters.Stored, counters.Unchanged, counters.Deleted));
        var export = JsonSerializer.Deserialize(exported.Text, QuiverJsonContext.Shared.JobExport)!;
        Assert.Equal((1L, "failures.jsonl", "report.json"), (export.Failures, export.Artifacts[0].Name, export.Artifacts[1].Name));
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        var failures = await http.GetStringAsync(export.Artifacts[0].Link, Token);
        Assert.Equal(("b.jsonl.gz#2", ErrorCodes.MalformedRecord), Failure(failures));
    }

    [Fact]
    public async Task Ingest_CredentialsOfTheEnvironmentOnly_AreFoundByTheSdk()
    {
        var bucket = await server.NewBucketAsync();
        await bucket.PutAsync("docs/a.md", "# Rivers\n\nThe Danube flows into the Black Sea.");
        var environment = new Dictionary<string, string>
        {
            ["QUIVER__S3__ENDPOINT"] = server.Endpoint.AbsoluteUri,
            ["AWS_ACCESS_KEY_ID"] = S3ServerProcess.AccessKey,
            ["AWS_SECRET_ACCESS_KEY"] = S3ServerProcess.SecretKey,
        };

        var said = await QuiverProcess.RunAsync(
            _home.Path, ["ingest", bucket.Address("docs/"), "--collection", "docs", "--json", "--data", _home.At("data")], environment);

        var report = JsonSerializer.Deserialize(said.Text, QuiverJsonContext.Shared.JobReport)!;
        Assert.Equal((JobState.Completed, 1L), (report.Status.State, report.Status.Counters.Stored));
    }

    [Theory]
    [InlineData("s3://no-such-bucket/docs/", ErrorCodes.BucketNotFound)]
    [InlineData("s3://BUCKET/typo/", ErrorCodes.PathNotFound)]
    public async Task Ingest_WhatIsNotThere_EndsWithUsageAndTheCode(string address, string code)
    {
        var bucket = await server.NewBucketAsync();

        var said = await QuiverProcess.RunAsync(
            _home.Path,
            ["ingest", address.Replace("BUCKET", bucket.Name, StringComparison.Ordinal), "--collection", "docs", "--json", "--data", _home.At("data")],
            Environment(bucket),
            ExitCodes.Usage);

        Assert.Contains(code, said.Text, StringComparison.Ordinal);
    }

    private static (string Id, string Code) Failure(string lines)
    {
        var failure = JsonSerializer.Deserialize(Assert.Single(lines.Split('\n', StringSplitOptions.RemoveEmptyEntries)), QuiverJsonContext.Shared.FailedDocument)!;
        return (failure.DocumentId[(failure.DocumentId.LastIndexOf('/') + 1)..], failure.Code);
    }

    private Dictionary<string, string> Environment(TestBucket bucket) => new()
    {
        ["QUIVER__S3__ENDPOINT"] = server.Endpoint.AbsoluteUri,
        ["QUIVER__S3__ACCESSKEY"] = S3ServerProcess.AccessKey,
        ["QUIVER__S3__SECRETKEY"] = S3ServerProcess.SecretKey,
        ["QUIVER__ARTIFACTS__STORE"] = "S3",
        ["QUIVER__ARTIFACTS__BUCKET"] = bucket.Name,
        ["QUIVER__ARTIFACTS__PREFIX"] = "artifacts/",
    };

    private async Task<JobReport> IngestAsync(TestBucket bucket, int exitCode, params string[] more)
    {
        var said = await QuiverProcess.RunAsync(
            _home.Path,
            ["ingest", bucket.Address("docs/"), "--collection", "docs", "--sync", "mirror", "--json", "--data", _home.At("data"), .. more],
            Environment(bucket),
            exitCode);
        return JsonSerializer.Deserialize(said.Text, QuiverJsonContext.Shared.JobReport)!;
    }
}
