using FsCheck;
using FsCheck.Fluent;
using Quiver.Cli;
using Quiver.Cli.Output;

namespace Quiver.Tests.Unit.Cli;

public sealed class SearchTests
{
    [Fact]
    public async Task Search_Options_ReachTheRequest()
    {
        var cli = new CliHarness();

        await cli.RunAsync("search", "who is it", "--collection", "books", "--limit", "3", "--filter", "lang=en", "--filter", "path=a=b", "--min-score", "-0.5");

        var request = cli.Client.Searched!;
        Assert.Equal(("who is it", 3, -0.5f), (request.Query, request.Limit, request.ScoreThreshold));
        Assert.Equal(["lang=en", "path=a=b"], request.Filter.Select(pair => $"{pair.Key}={pair.Value}").Order());
        Assert.False(cli.Session.Opened!.RunsJobs);
    }

    [Fact]
    public async Task Search_AHit_ShowsScorePlaceAndTheLinesThatMatter()
    {
        var cli = new CliHarness();
        cli.Client.Hits = [Samples.Hit("# Title\n\nFirst words.\nSomething else.\nA job resumes from its checkpoint.\nThe end.")];

        Assert.Equal(ExitCodes.Success, await cli.RunAsync("search", "How does a job resume from a checkpoint?", "--collection", "books"));

        Assert.Contains(" 0.813  docs/operating.md:12", cli.Out, StringComparison.Ordinal);
        Assert.Contains("A job resumes from its checkpoint.", cli.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("# Title", cli.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Search_NoHits_SaysSo()
    {
        var cli = new CliHarness();

        Assert.Equal(ExitCodes.Success, await cli.RunAsync("search", "q", "--collection", "books"));
        Assert.Equal("Nothing found.", cli.Out.Trim());
    }
}

public sealed class SnippetTests
{
    [Fact]
    public void Of_AnyText_ShowsFewLinesOfItThatFit() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(500),
        Prop.ForAll<string?, string?, PositiveInt>((text, query, width) =>
        {
            var source = text ?? "";
            var most = width.Get + 1;
            var snippet = Snippet.Of(source, query ?? "", most);
            var lines = source.ReplaceLineEndings("\n").Split('\n');
            return snippet.Lines.Length <= 3
                && snippet.Lines.All(line => line.Length > 0 && line.Length <= most && !line.Contains('\n', StringComparison.Ordinal))
                && snippet.Lines.IsEmpty == string.IsNullOrWhiteSpace(source)
                && (snippet.Lines.IsEmpty || lines[snippet.FirstLine].Trim().StartsWith(snippet.Lines[0].TrimEnd('…'), StringComparison.Ordinal));
        }));

    [Fact]
    public void Of_ALongLine_IsCutBetweenCharacters()
    {
        var snippet = Snippet.Of("ab😀cdef", "x", 4);

        Assert.Equal(["ab…"], snippet.Lines);
    }
}
