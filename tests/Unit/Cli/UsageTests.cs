using System.Text.Json;
using Quiver.Cli;

namespace Quiver.Tests.Unit.Cli;

public sealed class UsageTests
{
    public static TheoryData<string, string> Mistakes => new()
    {
        { "fly", "'fly' is not a command here." },
        { "jobs", "name a command: quiver jobs list|show|watch|pause|resume|cancel|retry|report|failures." },
        { "jobs show", "ID is missing" },
        { "jobs list --limit 0", "--limit takes a whole number from 1 to 1000, not '0'." },
        { "jobs list --limit many", "--limit takes a whole number from 1 to 1000, not 'many'." },
        { "jobs list --limit 1 --all", "Give --limit or --all, not both." },
        { "jobs list --state asleep", "--state takes queued, running, paused, completed, completedWithWarnings, failed, cancelled, not 'asleep'." },
        { "ingest --collection books", "PATH is missing" },
        { "ingest x", "--collection" },
        { "ingest x --collection books --fast", "unknown option '--fast'" },
        { "ingest x --collection books --chunk-tokens 7", "--chunk-tokens takes a whole number from 8" },
        { "ingest x --collection books --chunk-tokens 1e2", "--chunk-tokens takes a whole number from 8" },
        { "ingest x --collection books --chunk-tokens 99999999999999999999", "--chunk-tokens takes a whole number from 8" },
        { "ingest x --collection books --chunk-tokens 64 --overlap 33", "--overlap may be at most half of --chunk-tokens, that is 32." },
        { "ingest x --collection books --overlap -1", "--overlap takes a whole number from 0" },
        { "ingest x --collection books --max-in-flight 65", "--max-in-flight takes a whole number from 1 to 64, not '65'." },
        { "ingest x --collection books --max-failure-ratio 1.5", "--max-failure-ratio takes a number from 0 to 1, not '1.5'." },
        { "ingest x --collection books --max-failure-ratio NaN", "--max-failure-ratio takes a number from 0 to 1, not 'NaN'." },
        { "ingest x --collection books --max-document-bytes 67108865", "--max-document-bytes takes a whole number from 1 to 67108864" },
        { "ingest x --collection books --sync never", "--sync takes append, update, mirror, not 'never'." },
        { "ingest x --collection books --format pdf", "--format takes auto, jsonl, json, text, markdown, code, not 'pdf'." },
        { "ingest x --collection b/d", "'b/d' is not a valid collection name" },
        { "ingest x --collection a --collection b", "--collection" },
        { "search q", "--collection" },
        { "search q --collection books --filter color", "--filter takes KEY=VALUE, not 'color'." },
        { "search q --collection books --filter a=1 --filter a=2", "--filter names 'a' twice" },
        { "search q --collection books --min-score near", "--min-score takes a number, not 'near'." },
        { "search q --collection books --tenant ../x", "'../x' is not a valid tenant name" },
        { "search q more --collection books", "'more' is not expected here." },
        { "search -q --collection books", "unknown option '-q'" },
        { "collections show", "NAME is missing" },
        { "collections create books --shards 0", "--shards takes a whole number from 1 to 1000, not '0'." },
        { "collections create books --retain-for soon", "--retain-for takes a number with m, h or d behind it, such as 90d, or off, not 'soon'." },
        { "collections create books --vectors-on-disk perhaps", "--vectors-on-disk takes true, false, not 'perhaps'." },
        { "collections create books --settings nowhere.json", "nowhere.json cannot be read" },
        { "collections set books", "Name at least one setting to change, such as --retain-for 90d." },
        { "collections set books --shards 2", "unknown option '--shards'" },
        { "collections delete books", "Deleting collection books cannot be undone: confirm it with --yes." },
        { "serve --urls ftp://x", "--urls takes addresses such as http://127.0.0.1:7700, not 'ftp://x'." },
        { "serve --server http://x", "takes no --server" },
        { "jobs list --server nowhere", "--server takes an address such as http://127.0.0.1:7700, not 'nowhere'." },
        { "jobs list --server http://x --data d", "Give --data or --server, not both" },
        { "jobs list --data", "--data" },
        { "doctor now", "'now' is not expected here." },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public async Task Mistake_AnyCommand_IsOneSentenceAndExit2AndOpensNothing(string line, string expected)
    {
        var cli = new CliHarness();

        var exit = await cli.RunAsync(line.Split(' '));

        Assert.Equal(ExitCodes.Usage, exit);
        Assert.Contains(expected, cli.Error, StringComparison.Ordinal);
        Assert.Single(cli.Error.Split('\n'), text => text.StartsWith("error: ", StringComparison.Ordinal));
        Assert.Empty(cli.Out);
        Assert.Null(cli.Session.Opened);
    }

    [Theory]
    [MemberData(nameof(Mistakes))]
    public async Task Mistake_WithJson_IsOneErrorObjectOnStandardOutput(string line, string expected)
    {
        var cli = new CliHarness();

        var exit = await cli.RunAsync(["--json", .. line.Split(' ')]);

        Assert.Equal(ExitCodes.Usage, exit);
        using var document = JsonDocument.Parse(cli.Out);
        var error = document.RootElement.GetProperty("error");
        Assert.Contains(expected, error.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.NotEmpty(error.GetProperty("code").GetString()!);
    }

    [Theory]
    [InlineData("", "ingest")]
    [InlineData("--help", "collections")]
    [InlineData("ingest --help", "--max-failure-ratio")]
    [InlineData("jobs --help", "failures")]
    [InlineData("jobs list --help", "--state")]
    [InlineData("--version", ".")]
    public async Task Help_AnyCommand_IsOnStandardOutputAndExit0(string line, string expected)
    {
        var cli = new CliHarness();

        var exit = await cli.RunAsync(line.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        Assert.Equal(ExitCodes.Success, exit);
        Assert.Contains(expected, cli.Out, StringComparison.Ordinal);
        Assert.Empty(cli.Error);
    }

    [Fact]
    public async Task DoubleDash_BeforeWordsWithADash_MakesThemArguments()
    {
        var cli = new CliHarness();

        var exit = await cli.RunAsync("search", "--collection", "books", "--", "--json");

        Assert.Equal(ExitCodes.Success, exit);
        Assert.Equal("--json", cli.Client.Searched!.Query);
        Assert.DoesNotContain("{", cli.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AtSign_InAQuery_IsNoFileWithOptions()
    {
        var cli = new CliHarness();

        Assert.Equal(ExitCodes.Success, await cli.RunAsync("search", "@home", "--collection", "books"));
        Assert.Equal("@home", cli.Client.Searched!.Query);
    }
}
