using System.Text.Json;
using Quiver.Client.Cli;

namespace Quiver.Tests.Unit.Cli;

public sealed class DemoTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("quiver-demo-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task Demo_BelowARepository_MirrorsItUnderItsNameAndAnswersThreeQuestions()
    {
        var below = Clone();
        var cli = new CliHarness { CurrentDirectory = below };
        cli.Client.Final = Samples.Job(JobState.CompletedWithWarnings);
        cli.Client.Hits = [Samples.Hit("It goes on.")];

        Assert.Equal(ExitCodes.Success, await cli.RunAsync("demo", "--data", "/tmp/demo-data"));

        var spec = cli.Client.Submitted!;
        Assert.Equal(("demo", "quiver-repository", SyncMode.Mirror), (spec.Collection.Value, spec.Source.Name, spec.Sync));
        Assert.Equal([_root], spec.Source.Paths);
        Assert.Equal(3, cli.Client.Calls.Count(call => call == "search"));
        Assert.Equal(3, cli.Out.Split("docs/operating.md:10").Length - 1);
        Assert.Contains("The data lie in /tmp/demo-data.", cli.Out, StringComparison.Ordinal);
        Assert.Contains("quiver search 'your question' --collection demo --data /tmp/demo-data", cli.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Demo_RepositoryOnlyAboveTheExecutable_IsFound()
    {
        var cli = new CliHarness { CurrentDirectory = "/", ExecutableDirectory = Clone() };

        Assert.Equal(ExitCodes.Success, await cli.RunAsync("demo"));
        Assert.Equal([_root], cli.Client.Submitted!.Source.Paths);
    }

    [Fact]
    public async Task Demo_NoRepository_SaysToNameAPath()
    {
        var cli = new CliHarness { CurrentDirectory = _root };

        Assert.Equal(ExitCodes.NotFound, await cli.RunAsync("demo"));
        Assert.Contains("quiver demo PATH", cli.Error, StringComparison.Ordinal);
        Assert.Null(cli.Session.Opened);
    }

    [Fact]
    public async Task Demo_AnotherFolder_IsItsOwnSourceAndAsksNothingAboutQuiver()
    {
        var cli = new CliHarness { CurrentDirectory = "/" };

        Assert.Equal(ExitCodes.Success, await cli.RunAsync("demo", _root));
        Assert.Null(cli.Client.Submitted!.Source.Name);
        Assert.DoesNotContain("search", cli.Client.Calls);
    }

    [Fact]
    public async Task Demo_JobFails_ExitsWithItsCodeAndAsksNothing()
    {
        var cli = new CliHarness { CurrentDirectory = Clone() };
        cli.Client.Final = Samples.Job(JobState.Failed);

        Assert.Equal(ExitCodes.Failure, await cli.RunAsync("demo"));
        Assert.DoesNotContain("search", cli.Client.Calls);
    }

    [Fact]
    public async Task Demo_Json_IsOneDocumentWithTheAnswers()
    {
        var cli = new CliHarness { CurrentDirectory = Clone() };
        cli.Client.Hits = [Samples.Hit("It goes on.")];

        await cli.RunAsync("demo", "--json");

        using var document = JsonDocument.Parse(cli.Out);
        Assert.Equal(3, document.RootElement.GetProperty("answers").GetArrayLength());
    }

    private string Clone()
    {
        File.WriteAllText(Path.Combine(_root, "Orleans.sln"), "");
        return Directory.CreateDirectory(Path.Combine(_root, "silo", "bin")).FullName;
    }
}
