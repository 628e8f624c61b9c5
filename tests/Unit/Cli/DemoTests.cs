using System.Text.Json;
using Quiver.Cli;

namespace Quiver.Tests.Unit.Cli;

public sealed class DemoTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("quiver-demo-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task Demo_MirrorsTheDocumentationUnderItsNameAndAnswersThreeQuestions()
    {
        var documents = Ship();
        var cli = new CliHarness { CurrentDirectory = "/", ExecutableDirectory = _root };
        cli.Client.Final = Samples.Job(JobState.CompletedWithWarnings);
        cli.Client.Hits = [Samples.Hit("It continues.")];

        Assert.Equal(ExitCodes.Success, await cli.RunAsync("demo", "--data", "/tmp/demo-data"));

        var spec = cli.Client.Submitted!;
        Assert.Equal(("demo", "quiver-docs", SyncMode.Mirror), (spec.Collection.Value, spec.Source.Name, spec.Sync));
        Assert.Equal([documents], spec.Source.Paths);
        Assert.Equal(3, cli.Client.Calls.Count(call => call == "search"));
        Assert.Equal(3, cli.Out.Split("docs/operating.md:10").Length - 1);
        Assert.Contains("The data is in /tmp/demo-data.", cli.Out, StringComparison.Ordinal);
        Assert.Contains("quiver search 'your question' --collection demo --data /tmp/demo-data", cli.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Demo_OfABuildWithoutDocuments_SaysWhatToDo()
    {
        var cli = new CliHarness { CurrentDirectory = _root, ExecutableDirectory = _root };

        Assert.Equal(ExitCodes.NotFound, await cli.RunAsync("demo"));
        Assert.Contains("quiver demo PATH", cli.Error, StringComparison.Ordinal);
        Assert.Null(cli.Session.Opened);
    }

    [Fact]
    public void Demo_OfThisBuild_HasItsDocuments() =>
        Assert.NotEmpty(Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "demo"), "*.md", SearchOption.AllDirectories));

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
        Ship();
        var cli = new CliHarness { CurrentDirectory = "/", ExecutableDirectory = _root };
        cli.Client.Final = Samples.Job(JobState.Failed);

        Assert.Equal(ExitCodes.Failure, await cli.RunAsync("demo"));
        Assert.DoesNotContain("search", cli.Client.Calls);
    }

    [Fact]
    public async Task Demo_Json_IsOneDocumentWithTheAnswers()
    {
        Ship();
        var cli = new CliHarness { CurrentDirectory = "/", ExecutableDirectory = _root };
        cli.Client.Hits = [Samples.Hit("It continues.")];

        await cli.RunAsync("demo", "--json");

        using var document = JsonDocument.Parse(cli.Out);
        Assert.Equal(3, document.RootElement.GetProperty("answers").GetArrayLength());
    }

    private string Ship() => Directory.CreateDirectory(Path.Combine(_root, "demo")).FullName;
}
