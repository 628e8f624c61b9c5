using System.Text.Json;
using Quiver.Cli;

namespace Quiver.Tests.Unit.Cli;

public sealed class IngestTests
{
    [Fact]
    public async Task Ingest_AllOptions_ReachTheSpec()
    {
        var cli = new CliHarness();

        var exit = await cli.RunAsync(
            "ingest", "a", "/b", "--collection", "books", "--tenant", "t1", "--sync", "mirror", "--format", "jsonl", "--id-field", "id", "--text-field", "body",
            "--source", "src", "--include", "*.md", "--include", "*.cs", "--exclude", "bin/", "--no-gitignore", "--chunk-tokens", "64", "--overlap", "32",
            "--max-in-flight", "3", "--max-failure-ratio", "0.25", "--max-document-bytes", "1000");

        Assert.Equal(ExitCodes.Success, exit);
        var spec = cli.Client.Submitted!;
        Assert.Equal("t1", spec.Tenant.Value);
        Assert.Equal("t1", cli.Session.Opened!.Tenant.Value);
        Assert.Equal("books", spec.Collection.Value);
        Assert.Equal(SyncMode.Mirror, spec.Sync);
        Assert.Equal(["/here/a", "/b"], spec.Source.Paths);
        Assert.Equal(DocumentFormat.JsonLines, spec.Source.Format);
        Assert.Equal(("id", "body", "src"), (spec.Source.IdField, spec.Source.TextField, spec.Source.Name));
        Assert.Equal(["*.md", "*.cs"], spec.Source.Include);
        Assert.Equal(["bin/"], spec.Source.Exclude);
        Assert.False(spec.Source.HonourGitIgnore);
        Assert.Equal((64, 32), (spec.Chunking.MaxTokens, spec.Chunking.OverlapTokens));
        Assert.Equal((3, 0.25, 1000L), (spec.MaxInFlight, spec.MaxFailureRatio, spec.Source.MaxDocumentBytes));
        Assert.True(cli.Session.Opened.RunsJobs);
    }

    [Fact]
    public async Task Ingest_Table_ReachesTheSpec()
    {
        var cli = new CliHarness();

        var exit = await cli.RunAsync(
            "ingest", "PostgreSQL://db/shop", "--collection", "books", "--table", "docs", "--schema", "s", "--key", "a", "--key", "b", "--id-column", "slug",
            "--text-column", "title", "--text-column", "body", "--metadata-column", "author", "--where", "NOT hidden", "--since-column", "at", "--since", "2026-01-01");

        Assert.Equal(ExitCodes.Success, exit);
        var source = cli.Client.Submitted!.Source;
        Assert.Equal("postgres", source.Kind);
        Assert.Equal(["PostgreSQL://db/shop"], source.Paths);
        Assert.Equal(
            new TableSpec
            {
                Name = "docs",
                Schema = "s",
                KeyColumns = ["a", "b"],
                IdColumns = ["slug"],
                TextColumns = ["title", "body"],
                MetadataColumns = ["author"],
                Where = "NOT hidden",
                SinceColumn = "at",
                Since = "2026-01-01",
            },
            source.Table);
    }

    [Fact]
    public async Task Ingest_OptionsOfATableThatIsNotNamed_IsRefused()
    {
        var cli = new CliHarness();

        Assert.Equal(ExitCodes.Usage, await cli.RunAsync("ingest", "postgres://shop", "--collection", "books", "--key", "a"));

        Assert.Contains("--table", cli.Error, StringComparison.Ordinal);
        Assert.Empty(cli.Client.Calls);
    }

    [Fact]
    public async Task Ingest_AddressesOfS3_AreOfThatKindAndStayAsTheyAre()
    {
        var cli = new CliHarness();

        Assert.Equal(ExitCodes.Success, await cli.RunAsync("ingest", "s3://bucket/docs/", "s3://bucket/a b?.txt", "--collection", "books"));

        Assert.Equal("s3", cli.Client.Submitted!.Source.Kind);
        Assert.Equal(["s3://bucket/docs/", "s3://bucket/a b?.txt"], cli.Client.Submitted.Source.Paths);
    }

    [Fact]
    public async Task Ingest_SeveralKinds_IsRefusedBeforeAnythingIsOpened()
    {
        var cli = new CliHarness();

        Assert.Equal(ExitCodes.Usage, await cli.RunAsync("ingest", "docs", "s3://bucket/docs/", "--collection", "books"));

        Assert.Contains("jobs of their own", cli.Error, StringComparison.Ordinal);
        Assert.Null(cli.Session.Opened);
    }

    [Fact]
    public async Task Ingest_NoOptions_LeavesDefaultsToTheContract()
    {
        var cli = new CliHarness();

        await cli.RunAsync("ingest", "a", "--collection", "books");

        var spec = cli.Client.Submitted!;
        var defaults = new JobSpec { Tenant = spec.Tenant, Collection = spec.Collection, Source = new() };
        Assert.Equal(defaults with { Source = spec.Source }, spec);
        Assert.Equal((defaults.Source.Format, defaults.Source.HonourGitIgnore, defaults.Source.Name), (spec.Source.Format, spec.Source.HonourGitIgnore, spec.Source.Name));
        Assert.Equal("/home/ada/.local/share/quiver", cli.Session.Opened!.DataDirectory);
    }

    [Fact]
    public async Task Ingest_Piped_PrintsProgressOnErrorAndTheSummaryOnOutput()
    {
        var cli = new CliHarness();
        cli.Client.Events = [Samples.Event(1, JobState.Running, 0, 10, JobEventKind.StateChanged), Samples.Event(2, JobState.Running, 5, 10), Samples.Event(3, JobState.CompletedWithWarnings, 10, 10)];
        cli.Client.Final = Samples.Job(JobState.CompletedWithWarnings);
        cli.Client.Failures = [Samples.Failure(4)];

        var exit = await cli.RunAsync("ingest", "a", "--collection", "books", "--data", "/tmp/my data");

        Assert.Equal(ExitCodes.Warnings, exit);
        Assert.Contains("running: 0 of 10 documents (0 %)", cli.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("5 of 10", cli.Error, StringComparison.Ordinal);
        Assert.Contains("completed with warnings: 10 of 10 documents (100 %)", cli.Error, StringComparison.Ordinal);
        foreach (var row in (string[])["documents       10", "  stored        7", "  unchanged     2", "  failed        1", "chunks          1,234", "tokens          99,999", "embedded texts  1,200", "cache hits      34", "elapsed         12.3 s", "rate            41.6 documents/s"])
        {
            Assert.Contains(row, cli.Out, StringComparison.Ordinal);
        }

        Assert.Contains("data.jsonl:5", cli.Out, StringComparison.Ordinal);
        Assert.Contains("quiver jobs failures job-1 --data '/tmp/my data'", cli.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ingest_DryRun_PrintsCountsAndNoPoints()
    {
        var cli = new CliHarness();

        await cli.RunAsync("ingest", "a", "--collection", "books", "--dry-run");

        Assert.True(cli.Client.Submitted!.DryRun);
        Assert.Contains("nothing written", cli.Out, StringComparison.Ordinal);
        Assert.Contains("tokens          99,999", cli.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("points", cli.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ingest_Json_PrintsOneReport()
    {
        var cli = new CliHarness();
        cli.Client.Events = [Samples.Event(1, JobState.Running, 3)];

        await cli.RunAsync("ingest", "a", "--collection", "books", "--json");

        using var document = JsonDocument.Parse(cli.Out);
        Assert.Equal("completed", document.RootElement.GetProperty("status").GetProperty("state").GetString());
        Assert.Equal(10, document.RootElement.GetProperty("status").GetProperty("counters").GetProperty("documents").GetInt64());
    }

    [Fact]
    public async Task Detach_WithoutServer_IsRefusedByASiloThatRunsNothing()
    {
        var cli = new CliHarness();

        Assert.Equal(ExitCodes.Usage, await cli.RunAsync("ingest", "a", "--collection", "books", "--detach"));

        Assert.Contains("--detach needs a server", cli.Error, StringComparison.Ordinal);
        Assert.False(cli.Session.Opened!.RunsJobs);
        Assert.Empty(cli.Client.Calls);
    }

    [Fact]
    public async Task Detach_WithServer_SubmitsAndSaysHowToFollow()
    {
        var cli = new CliHarness(server: true);

        Assert.Equal(ExitCodes.Success, await cli.RunAsync("ingest", "a", "--collection", "books", "--detach", "--server", "http://127.0.0.1:7700"));

        Assert.Equal(["submit"], cli.Client.Calls);
        Assert.Contains("quiver jobs watch job-1 --server http://127.0.0.1:7700/", cli.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ingest_EventsEndBeforeTheJob_IsNoSuccess()
    {
        var cli = new CliHarness();
        cli.Client.Final = Samples.Job(JobState.Running, active: true);

        Assert.Equal(ExitCodes.Unavailable, await cli.RunAsync("ingest", "a", "--collection", "books"));
        Assert.Contains(CliErrorCodes.EventsEnded, cli.Error, StringComparison.Ordinal);
    }
}
