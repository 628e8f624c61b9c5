using System.Net;
using System.Net.Http.Json;
using System.Text;
using Quiver.Client.Json;

namespace Quiver.Tests.Integration.Api;

public sealed class JobsApiTests
{
    private const string Minimal = """{"collection":"docs","source":{"paths":["/data"]}}""";

    [Fact]
    public async Task Submission_WithTheLeast_TakesTheContractsDefaults()
    {
        await using var server = await ApiServer.StartAsync();

        using var response = await PostAsync(server, Minimal);

        var status = await response.Content.ReadFromJsonAsync(QuiverJsonContext.Shared.JobStatus, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.Equal("/v1/jobs/job-1", response.Headers.Location?.OriginalString);
        Assert.Equal(JobState.Queued, status!.State);
        var submitted = Assert.Single(server.Script.Submitted);
        var expected = ScriptedQuiverClient.Spec();
        Assert.Equal(["/data"], submitted.Source.Paths);
        Assert.Equal(
            expected with { Source = expected.Source with { Paths = default, Include = default, Exclude = default } },
            submitted with { Source = submitted.Source with { Paths = default, Include = default, Exclude = default } });
        Assert.Empty(submitted.Source.Include);
        Assert.Empty(submitted.Source.Exclude);
    }

    [Fact]
    public async Task Submission_WithEverything_ArrivesWhole()
    {
        await using var server = await ApiServer.StartAsync();

        using var response = await PostAsync(server, """
            {"collection":"docs","sync":"mirror","maxInFlight":3,"maxFailureRatio":0.25,"dryRun":true,"idempotencyToken":"t",
             "chunking":{"maxTokens":64,"overlapTokens":8},
             "source":{"kind":"files","paths":["/a","/b"],"name":"n","format":"jsonLines","idField":"i","textField":"x",
                       "include":["*.md"],"exclude":["b/**"],"honourGitIgnore":false,"maxDocumentBytes":12,
                       "table":{"name":"t","schema":"s","keyColumns":["k"],"idColumns":["i"],"textColumns":["x"],"metadataColumns":["m"],"where":"w","sinceColumn":"c","since":"1"}}}
            """);

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        var spec = Assert.Single(server.Script.Submitted);
        Assert.Equal((SyncMode.Mirror, 3, 0.25, true, "t"), (spec.Sync, spec.MaxInFlight, spec.MaxFailureRatio, spec.DryRun, spec.IdempotencyToken));
        Assert.Equal(new ChunkingSpec { MaxTokens = 64, OverlapTokens = 8 }, spec.Chunking);
        var source = spec.Source;
        Assert.Equal(("files", "n", DocumentFormat.JsonLines, "i", "x"), (source.Kind, source.Name, source.Format, source.IdField, source.TextField));
        Assert.Equal(["/a", "/b"], source.Paths);
        Assert.Equal(["*.md"], source.Include);
        Assert.Equal(["b/**"], source.Exclude);
        Assert.Equal((false, 12L), (source.HonourGitIgnore, source.MaxDocumentBytes));
        Assert.Equal(
            new TableSpec { Name = "t", Schema = "s", KeyColumns = ["k"], IdColumns = ["i"], TextColumns = ["x"], MetadataColumns = ["m"], Where = "w", SinceColumn = "c", Since = "1" },
            source.Table);
    }

    [Fact]
    public async Task Submission_WithoutAKind_GoesByTheSchemeOfItsPaths()
    {
        await using var server = await ApiServer.StartAsync();

        using var response = await PostAsync(server, """{"collection":"docs","source":{"paths":["s3://bucket/a/","s3://bucket/b.txt"]}}""");
        using var mixed = await PostAsync(server, """{"collection":"docs","source":{"paths":["s3://bucket/a/","/data"]}}""");

        Assert.Equal("s3", Assert.Single(server.Script.Submitted).Source.Kind);
        Assert.Equal(HttpStatusCode.BadRequest, mixed.StatusCode);
        Assert.Equal(ErrorCodes.InvalidOption, (await mixed.Content.ReadFromJsonAsync(QuiverJsonContext.Shared.Problem, TestContext.Current.CancellationToken))!.Code);
    }

    [Fact]
    public async Task IdempotencyKey_InTheHeader_IsTheToken()
    {
        await using var server = await ApiServer.StartAsync();

        using var response = await PostAsync(server, Minimal, "from-header");

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.Equal("from-header", Assert.Single(server.Script.Submitted).IdempotencyToken);
    }

    [Fact]
    public async Task IdempotencyKey_ThatDiffersFromTheBodys_IsRefused()
    {
        await using var server = await ApiServer.StartAsync();

        using var response = await PostAsync(server, """{"collection":"docs","source":{"paths":["/data"]},"idempotencyToken":"a"}""", "b");

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Empty(server.Script.Submitted);
    }

    [Fact]
    public async Task Tenant_OfTheHeader_IsTheOneThatIsServed()
    {
        await using var server = await ApiServer.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/jobs");
        request.Headers.Add("X-Quiver-Tenant", "acme");

        using var named = await server.Http.SendAsync(request, TestContext.Current.CancellationToken);
        using var unnamed = await server.Http.GetAsync("/v1/jobs", TestContext.Current.CancellationToken);

        Assert.True(named.IsSuccessStatusCode && unnamed.IsSuccessStatusCode);
        Assert.Equal(["acme", "default"], server.Script.Tenants.Select(tenant => tenant.Value));
    }

    [Fact]
    public async Task Export_OfPoints_IsOneLineOfJsonEach()
    {
        await using var server = await ApiServer.StartAsync();
        server.Script.Points =
        [
            new() { Id = Guid.Parse("5b6f2f0a-0000-5000-8000-000000000001"), Vector = [0.1f, -3.4028235E+38f, 1E-45f], PayloadJson = """{"b":1,"a":"ü"}""" },
            new() { Id = Guid.Empty, Vector = [], PayloadJson = "{\n  \"x\": [1,\r\n 2.50]\n}" },
        ];

        using var response = await server.Http.GetAsync("/v1/collections/docs/export", TestContext.Current.CancellationToken);

        Assert.Equal("application/jsonl", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(
            """
            {"id":"5b6f2f0a-0000-5000-8000-000000000001","vector":[0.1,-3.4028235E+38,1E-45],"payload":{"b":1,"a":"ü"}}
            {"id":"00000000-0000-0000-0000-000000000000","vector":[],"payload":{"x":[1,2.50]}}

            """,
            await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken),
            ignoreLineEndingDifferences: true);
    }

    [Fact]
    public async Task Export_ThatFailsMidway_DoesNotPassForTheWhole()
    {
        await using var server = await ApiServer.StartAsync();
        server.Script.Points = [.. Enumerable.Range(0, 5000).Select(_ => new ExportedPoint { Id = Guid.Empty, Vector = [1, 2, 3], PayloadJson = "{}" })];
        server.Script.ExportFault = new TransientException(ErrorCodes.StorageUnavailable, "Gone.");
        using var response = await server.Http.GetAsync(
            "/v1/collections/docs/export", HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    private static async Task<HttpResponseMessage> PostAsync(ApiServer server, string body, string? key = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/jobs") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        return await server.Http.SendAsync(request, TestContext.Current.CancellationToken);
    }
}
