using Quiver.Cli;
using Quiver.Tests.Support;

namespace Quiver.Tests.Unit.Cli;

public sealed class ChunksTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Chunks_OfAFile_ShowsHowItWouldBeCut()
    {
        _folder.Write("guide.md", "\uFEFF# Guide\nFirst.");
        var cli = new CliHarness();

        var code = await cli.RunAsync(
            "chunks", _folder.At("guide.md"), "--chunk-tokens", "64", "--overlap", "4", "--chunking", "fixed", "--embed-context", "false", "--format", "markdown",
            "--model", "m", "--limit", "1");

        Assert.Equal(ExitCodes.Success, code);
        var request = cli.Client.Previewed!;
        Assert.Equal(("# Guide\nFirst.", DocumentFormat.Markdown, "m", 1), (request.Text, request.Format, request.Model, request.Limit));
        Assert.Equal(new ChunkingSpec { MaxTokens = 64, OverlapTokens = 4, EmbedContext = false, Strategy = ChunkingStrategy.Fixed }, request.Chunking);
        Assert.Contains("guide.md #2: lines 3 to 4, characters 40 to 57, 99 tokens\n    [Guide]\n    First.\n     Second.\n", cli.Out, StringComparison.Ordinal);
        Assert.Contains("… and 2 more", cli.Out, StringComparison.Ordinal);
        Assert.Contains("no document: b: It has no text. (missing_text)", cli.Out, StringComparison.Ordinal);
        Assert.Contains("3 chunks of 1 document, 100 tokens on average, at most 128", cli.Out, StringComparison.Ordinal);
        Assert.False(cli.Session.Opened!.RunsJobs);
    }

    [Theory]
    [InlineData("missing.md", ExitCodes.Usage)]
    [InlineData("empty.md", ExitCodes.Usage)]
    [InlineData("latin.md", ExitCodes.Usage)]
    public async Task Chunks_OfAFileThatIsNoText_IsRefused(string file, int expected)
    {
        _folder.Write("empty.md", "");
        await File.WriteAllBytesAsync(_folder.At("latin.md"), [0x63, 0xE9], TestContext.Current.CancellationToken);
        var cli = new CliHarness();

        Assert.Equal(expected, await cli.RunAsync("chunks", _folder.At(file)));
        Assert.Null(cli.Client.Previewed);
    }

    [Fact]
    public async Task CollectionsChunks_OfADocument_ShowsWhatIsStoredAndHowToContinue()
    {
        var cli = new CliHarness();

        Assert.Equal(ExitCodes.Success, await cli.RunAsync("collections", "chunks", "books", "a b.md", "--limit", "1"));

        Assert.Contains("a b.md #2: lines 3 to 4, characters 40 to 57\n    [Guide > Linux]\n    First.\n", cli.Out, StringComparison.Ordinal);
        Assert.Contains("More: quiver collections chunks books 'a b.md' --after 1", cli.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Search_WithNotes_PrintsThemApartAndTheContextOfAHit()
    {
        var cli = new CliHarness();
        cli.Client.Hits = [Samples.Hit("Some text.") with { Title = "Operating", Headings = ["Operating", "Backups"] }];
        cli.Client.Notes = [new(SearchNoteCodes.QueryTruncated, "The query is long.")];

        Assert.Equal(ExitCodes.Success, await cli.RunAsync("search", "q", "--collection", "books"));

        Assert.Contains("docs/operating.md:10\n        Operating > Backups\n        Some text.\n", cli.Out, StringComparison.Ordinal);
        Assert.Contains("note: The query is long.", cli.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("note:", cli.Out, StringComparison.Ordinal);
    }
}
