using System.Text.Json;
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
    public async Task Search_Mode_ReachesTheRequestAndTheAnswerSaysIt()
    {
        var cli = new CliHarness();
        cli.Client.Hits = [Samples.Hit("text") with { Dense = new(3, 0.5f), Lexical = new(1, 7), Highlights = [new(0, 4)] }];
        cli.Client.Notes = [new(SearchNoteCodes.VectorsOnly, "A note.")];

        Assert.Equal(ExitCodes.Success, await cli.RunAsync("search", "q", "--collection", "books", "--mode", "LEXICAL", "--lexical-weight", "0.25", "--json"));

        Assert.Equal((SearchMode.Lexical, 0.25), (cli.Client.Searched!.Mode, cli.Client.Searched.LexicalWeight));
        using var answer = JsonDocument.Parse(cli.Out);
        var hit = answer.RootElement.GetProperty("hits")[0];
        Assert.Equal(("lexical", "A note."), (answer.RootElement.GetProperty("mode").GetString(), answer.RootElement.GetProperty("notes")[0].GetProperty("message").GetString()));
        Assert.Equal((3, 1), (hit.GetProperty("dense").GetProperty("rank").GetInt32(), hit.GetProperty("lexical").GetProperty("rank").GetInt32()));
        Assert.Equal(4, hit.GetProperty("highlights")[0].GetProperty("end").GetInt32());
    }

    [Theory]
    [InlineData("--mode", "both")]
    [InlineData("--lexical-weight", "1.5")]
    public async Task Search_AModeOrWeightThatIsNone_IsRefused(string option, string value)
    {
        var cli = new CliHarness();

        Assert.Equal(ExitCodes.Usage, await cli.RunAsync("search", "q", "--collection", "books", option, value));
        Assert.Null(cli.Client.Searched);
    }

    [Theory]
    [InlineData(true, null, null, "        the \u001b[1mcheck\\u001b[31mpoint\u001b[0m of a \u001b[1mjob\u001b[0m")]
    [InlineData(true, "1", null, "        the check\\u001b[31mpoint of a job")]
    [InlineData(true, "", "dumb", "        the check\\u001b[31mpoint of a job")]
    [InlineData(false, null, null, "        the check\\u001b[31mpoint of a job")]
    public async Task Search_Highlights_AreEmphasizedOnATerminalAndEscaped(bool terminal, string? noColor, string? term, string line)
    {
        var cli = new CliHarness { IsOutputTerminal = terminal };
        (cli.Variables["NO_COLOR"], cli.Variables["TERM"]) = (noColor!, term!);
        cli.Client.Hits = [Samples.Hit("# Title\r\n\n  the check\u001b[31mpoint of a job") with { Highlights = [new(16, 31), new(37, 40)] }];

        await cli.RunAsync("search", "checkpoint job", "--collection", "books");

        Assert.Contains(line, cli.Out.ReplaceLineEndings("\n").Split('\n'));
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
            var snippet = Snippet.Of(source, query ?? "", [], most);
            var lines = source.ReplaceLineEndings("\n").Split('\n');
            return snippet.Lines.Length <= 3
                && snippet.Lines.All(line => line.Text.Length > 0 && line.Text.Length <= most && !line.Text.Contains('\n', StringComparison.Ordinal))
                && snippet.Lines.IsEmpty == string.IsNullOrWhiteSpace(source)
                && (snippet.Lines.IsEmpty || lines[snippet.FirstLine].Trim().StartsWith(snippet.Lines[0].Text.TrimEnd('…'), StringComparison.Ordinal));
        }));

    [Fact]
    public void Of_AnyHighlights_MarksTheSameCharacters() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(500),
        Prop.ForAll<NonNull<string>, PositiveInt, PositiveInt>((text, width, seed) =>
        {
            var random = new Random(seed.Get);
            var source = text.Get;
            List<TextRange> highlights = [];
            for (var at = 0; at < source.Length;)
            {
                var end = Math.Min(source.Length, at + random.Next(1, 5));
                highlights.Add(new(at, end));
                at = end + random.Next(1, 5);
            }

            var shown = Snippet.Of(source, "x", [.. highlights], width.Get + 1).Lines;
            var marked = string.Concat(highlights.Select(mark => source[mark.Start..mark.End]));
            return shown.All(line => line.Marks.All(mark => mark.Start >= 0 && mark.Start < mark.End && mark.End <= line.Text.Length
                && marked.Contains(line.Text[mark.Start..mark.End], StringComparison.Ordinal)));
        }));

    [Fact]
    public void Of_ALongLine_IsCutBetweenCharacters()
    {
        var snippet = Snippet.Of("ab😀cdef", "x", [], 4);

        Assert.Equal(["ab…"], snippet.Lines.Select(line => line.Text));
    }
}
