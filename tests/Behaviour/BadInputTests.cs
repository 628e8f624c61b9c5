using Quiver.Cli;
using Quiver.Tests.Support;

namespace Quiver.Tests.Behaviour;

/// <summary>What cannot be done is refused in one sentence, by the command line and over HTTP, and changes nothing.</summary>
[Collection(BehaviourCollection.Name)]
public sealed class BadInputTests(BehaviourServer server)
{
    private readonly BehaviourTenant _tenant = server.NewTenant();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task UnknownPath_IsRefusedAndLeavesNoJob()
    {
        var path = _tenant.At("nowhere");

        (await _tenant.CliAsync("ingest", path, "--collection", "docs")).AssertRefused(ExitCodes.Usage, ErrorCodes.PathNotFound);
        await _tenant.AssertRefusedAsync(HttpMethod.Post, "/v1/jobs", 400, ErrorCodes.PathNotFound, $$"""{"collection":"docs","source":{"paths":["{{path}}"]} }""");

        await AssertNothingThereAsync();
    }

    [Fact]
    public async Task UnknownRelativePath_IsNamedFromWhereItWasTyped()
    {
        var refusal = await _tenant.CliAsync("ingest", "sub/nowhere", "--collection", "docs");

        refusal.AssertRefused(ExitCodes.Usage, ErrorCodes.PathNotFound);
        Assert.Contains($"'{_tenant.At("sub/nowhere")}'", refusal.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(Environment.CurrentDirectory, refusal.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("show", "GET", "")]
    [InlineData("report", "GET", "/report")]
    [InlineData("failures", "GET", "/failures")]
    [InlineData("watch", "GET", "/events")]
    [InlineData("pause", "POST", "/pause")]
    [InlineData("resume", "POST", "/resume")]
    [InlineData("cancel", "POST", "/cancel")]
    [InlineData("retry", "POST", "/retry")]
    public async Task UnknownJob_IsRefused(string command, string method, string path)
    {
        (await _tenant.CliAsync("jobs", command, "no-such-job")).AssertRefused(ExitCodes.NotFound, ErrorCodes.UnknownJob);
        await _tenant.AssertRefusedAsync(new HttpMethod(method), $"/v1/jobs/no-such-job{path}", 404, ErrorCodes.UnknownJob);

        await AssertNothingThereAsync();
    }

    [Theory]
    [InlineData("pause")]
    [InlineData("resume")]
    [InlineData("cancel")]
    [InlineData("retry")]
    public async Task IllegalTransition_OfACompletedJob_IsRefusedAndChangesNothing(string command)
    {
        var before = (await _tenant.IngestAsync(_tenant.Write("a.txt", "A text."))).Status;

        (await _tenant.CliAsync("jobs", command, before.Id.Value)).AssertRefused(ExitCodes.Conflict, ErrorCodes.IllegalTransition);
        await _tenant.AssertRefusedAsync(HttpMethod.Post, $"/v1/jobs/{before.Id}/{command}", 409, ErrorCodes.IllegalTransition);

        var after = await _tenant.Client.GetJobAsync(before.Id, Token);
        Assert.Equal((JobState.Completed, before.LastEventSequence, before.Epoch), (after.State, after.LastEventSequence, after.Epoch));
    }

    [Theory]
    [InlineData("GET", "", null, "collections", "show", "nothing")]
    [InlineData("GET", "/export", null, "collections", "export", "nothing")]
    [InlineData("POST", "/verify", null, "collections", "verify", "nothing")]
    [InlineData("DELETE", "", null, "collections", "delete", "nothing", "--yes")]
    [InlineData("POST", "/search", """{"query":"text"}""", "search", "text", "--collection", "nothing")]
    public async Task UnknownCollection_IsRefused(string method, string path, string? body, params string[] command)
    {
        (await _tenant.CliAsync(command)).AssertRefused(ExitCodes.NotFound, ErrorCodes.UnknownCollection);
        await _tenant.AssertRefusedAsync(new HttpMethod(method), $"/v1/collections/nothing{path}", 404, ErrorCodes.UnknownCollection, body);

        await AssertNothingThereAsync();
    }

    [Theory]
    [InlineData("--max-in-flight", "0", "\"maxInFlight\":0")]
    [InlineData("--max-failure-ratio", "2", "\"maxFailureRatio\":2")]
    [InlineData("--chunk-tokens", "4000", "\"chunking\":{\"maxTokens\":4000}")]
    [InlineData("--max-document-bytes", "0", null)]
    public async Task InvalidOption_OfAJob_IsRefusedAndLeavesNoJob(string option, string value, string? member)
    {
        var path = _tenant.Write("a.txt", "A text.");

        var refusal = await _tenant.CliAsync("ingest", path, "--collection", "docs", option, value);

        Assert.Equal(ExitCodes.Usage, refusal.ExitCode);
        Assert.Contains(value, refusal.Error, StringComparison.Ordinal);
        Assert.True(refusal.Error.Contains("(invalid_option)", StringComparison.Ordinal) || refusal.Error.Contains("(invalid_usage)", StringComparison.Ordinal), refusal.Error);
        if (member is not null)
        {
            await _tenant.AssertRefusedAsync(HttpMethod.Post, "/v1/jobs", 400, ErrorCodes.InvalidOption, $$"""{"collection":"docs","source":{"paths":["{{path}}"]},{{member}}}""");
        }

        await AssertNothingThereAsync();
    }

    [Theory]
    [InlineData("collections", "delete", "docs", "--yes")]
    [InlineData("ingest", "a.txt", "--collection", "docs")]
    [InlineData("serve", "--urls", "http://127.0.0.1:0")]
    public async Task LockedDataDirectory_IsRefused(params string[] command)
    {
        using var folder = new TemporaryFolder();
        folder.Write("a.txt", "A text.");
        await using var holder = await Silo.DataDirectory.DataDirectoryLock.AcquireAsync(folder.At("data"), "quiver ingest", TimeProvider.System, Token);
        var before = Directory.GetFiles(folder.At("data"), "*", SearchOption.AllDirectories).Order();

        var refusal = await CliRun.InvokeAsync(folder.Path, [.. command, "--data", folder.At("data")]);

        refusal.AssertRefused(ExitCodes.Conflict, ErrorCodes.DataDirectoryLocked);
        Assert.Contains("quiver ingest", refusal.Error, StringComparison.Ordinal);
        Assert.Equal(before, Directory.GetFiles(folder.At("data"), "*", SearchOption.AllDirectories).Order());
    }

    [Theory]
    [InlineData("collections", "list")]
    [InlineData("ingest", "a.txt", "--collection", "docs")]
    [InlineData("serve", "--urls", "http://127.0.0.1:0")]
    public async Task InvalidSettings_AreRefusedAllAtOnce(params string[] command)
    {
        using var folder = new TemporaryFolder();
        folder.Write("a.txt", "A text.");
        folder.Write("data/quiver.json", """{"Quiver":{"Jobs":{"MaxInFlight":0,"BatchDocuments":5000},"Onnx":{"TextsPerRun":0}}}""");

        var refusal = await CliRun.InvokeAsync(folder.Path, [.. command, "--data", folder.At("data")]);

        refusal.AssertRefused(ExitCodes.Usage, ErrorCodes.InvalidOption);
        Assert.Contains("MaxInFlight", refusal.Error, StringComparison.Ordinal);
        Assert.Contains("BatchDocuments", refusal.Error, StringComparison.Ordinal);
        Assert.Contains("TextsPerRun", refusal.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(folder.At("data"), "*.db", SearchOption.AllDirectories));
    }

    [Theory]
    [InlineData("collections", "list")]
    [InlineData("ingest", "a.txt", "--collection", "docs")]
    [InlineData("serve", "--urls", "http://127.0.0.1:0")]
    public async Task MisspeltSettings_AreRefused(params string[] command)
    {
        using var folder = new TemporaryFolder();
        folder.Write("a.txt", "A text.");
        folder.Write("data/quiver.json", """{"Quiver":{"S3":{"Endpiont":"http://127.0.0.1:9000"},"Providers":{"fake":{"Prize":3}}}}""");

        var refusal = await CliRun.InvokeAsync(folder.Path, [.. command, "--data", folder.At("data")]);

        refusal.AssertRefused(ExitCodes.Usage, ErrorCodes.InvalidOption);
        Assert.Contains("Quiver:S3:Endpiont is not a setting: write Quiver:S3:Endpoint ", refusal.Error, StringComparison.Ordinal);
        Assert.Contains("Quiver:Providers:fake:PricePerMillionTokens", refusal.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(folder.At("data"), "*.db", SearchOption.AllDirectories));
    }

    [Theory]
    [InlineData("ingest", "nowhere.txt", "--collection", "docs")]
    [InlineData("jobs", "cancel", "no-such-job")]
    [InlineData("jobs", "show", "no-such-job")]
    [InlineData("collections", "delete", "docs", "--yes")]
    [InlineData("serve", "--urls", "http://0.0.0.0/path")]
    public async Task FailingCommand_DoesNotLeaveADataDirectory(params string[] command)
    {
        using var folder = new TemporaryFolder();

        var refusal = await CliRun.InvokeAsync(folder.Path, [.. command, "--data", folder.At("missing/data")]);

        Assert.NotEqual(ExitCodes.Success, refusal.ExitCode);
        Assert.False(Directory.Exists(folder.At("missing")));
    }

    [Theory]
    [InlineData("{\"Quiver\":")]
    [InlineData("""{"Quiver":{"Jobs":{"MaxInFlight":"many"}}}""")]
    public async Task SettingsThatCannotBeRead_AreRefused(string settings)
    {
        using var folder = new TemporaryFolder();
        folder.Write("data/quiver.json", settings);

        var refusal = await CliRun.InvokeAsync(folder.Path, "collections", "list", "--data", folder.At("data"));

        refusal.AssertRefused(ExitCodes.Usage, ErrorCodes.InvalidOption);
    }

    private async Task AssertNothingThereAsync()
    {
        Assert.Empty((await _tenant.Client.ListJobsAsync(new(), Token)).Items);
        Assert.Empty((await _tenant.Client.ListCollectionsAsync(cancellationToken: Token)).Items);
    }
}
