using System.Text.Json;

namespace Quiver.Tests.Unit.Cli;

public sealed class JsonPurityTests
{
    [Theory]
    [InlineData("ingest a --collection books", true)]
    [InlineData("ingest a --collection books --verbose", true)]
    [InlineData("search q --collection books", true)]
    [InlineData("jobs list", true)]
    [InlineData("jobs show job-1", true)]
    [InlineData("jobs watch job-1", false)]
    [InlineData("jobs pause job-1", true)]
    [InlineData("jobs resume job-1", true)]
    [InlineData("jobs cancel job-1", true)]
    [InlineData("jobs retry job-1", true)]
    [InlineData("jobs report job-1", true)]
    [InlineData("jobs failures job-1", false)]
    [InlineData("collections list", true)]
    [InlineData("collections show books", true)]
    [InlineData("collections facets books path", true)]
    [InlineData("collections export books", false)]
    [InlineData("collections delete books --yes", true)]
    [InlineData("collections verify books", true)]
    [InlineData("collections verify books --repair", true)]
    [InlineData("providers list", true)]
    [InlineData("providers test openai", true)]
    [InlineData("usage", true)]
    [InlineData("doctor", true)]
    [InlineData("serve", true)]
    public async Task Json_EveryCommand_PrintsNothingElse(string line, bool oneDocument)
    {
        foreach (var server in (bool[])[true, false])
        {
            var cli = new CliHarness(server);
            cli.Client.Job = Samples.Job(line.Contains("watch", StringComparison.Ordinal) ? JobState.Completed : JobState.Running);
            cli.Client.Events = [Samples.Event(1, JobState.Running, 1), Samples.Event(2, JobState.Completed, 2)];
            cli.Client.Failures = [Samples.Failure(1), Samples.Failure(2), Samples.Failure(3)];
            cli.Client.Hits = [Samples.Hit("Grüße, 世界")];
            cli.Client.Values = [new("Grüße\n世界", 2)];
            cli.Client.Points = [new() { Id = Guid.Empty, Vector = [0.5f, -1], PayloadJson = "{\"text\":\"é\"}" }];

            await cli.RunAsync([.. line.Split(' '), "--json"]);

            var lines = cli.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);
            Assert.NotEmpty(lines);
            Assert.True(!oneDocument || lines.Length == 1, cli.Out);
            foreach (var text in lines)
            {
                JsonDocument.Parse(text).Dispose();
            }
        }
    }

    [Fact]
    public async Task Export_WithoutJson_IsJsonLinesOfIdVectorPayload()
    {
        var cli = new CliHarness();
        cli.Client.Points = [new() { Id = Guid.Empty, Vector = [0.5f, -1], PayloadJson = """{"text":"é"}""" }];

        await cli.RunAsync("collections", "export", "books");

        Assert.Equal("""{"id":"00000000-0000-0000-0000-000000000000","vector":[0.5,-1],"payload":{"text":"é"}}""", cli.Out.TrimEnd());
    }
}
