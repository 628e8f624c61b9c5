using Quiver.Cli;
using Quiver.Tests.Support;

namespace Quiver.Tests.Behaviour;

/// <summary>What a user sees of titles, front matter and scripts, with the default model.</summary>
public sealed class ChunkContentTests : IDisposable
{
    private const string Chinese = "炒鸡蛋之前先把西红柿切成小块。";

    private readonly TemporaryFolder _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task Ingest_TextsOfAScriptThatTheModelDoesNotKnow_WarnsWithTheirNumber_AndASearchSaysSo()
    {
        _home.Write("z.jsonl", $$"""
            {"id":"cook","text":"{{Chinese}}"}
            {"id":"rain","text":"หั่นมะเขือเทศก่อนทอดไข่"}
            {"id":"party","text":"🎉🎉🎉"}
            {"id":"english","text":"Yesterday heavy rain fell and the river rose."}
            """);

        var ingest = await RunAsync("ingest", "z.jsonl", "--id-field", "id", "--collection", "mixed");
        var unknown = await RunAsync("search", Chinese, "--collection", "mixed");
        var known = await RunAsync("search", "rain", "--collection", "mixed", "--limit", "1");

        Assert.Equal(ExitCodes.Warnings, ingest.ExitCode);
        Assert.Contains("3 of 4 chunks are mostly in a script that the model does not know", ingest.Out, StringComparison.Ordinal);
        Assert.Contains("note: The model all-MiniLM-L6-v2 does not know most of the query", unknown.Error, StringComparison.Ordinal);
        Assert.Equal(("", true), (known.Error, known.Out.Contains("english:", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Ingest_FilesWithFrontMatter_StoresItAsMetadataAndShowsTitleAndHeadings()
    {
        _home.Write("docs/guide.md", "---\ntitle: Install guide\ntags: [a, b]\n---\n# Setup\n\nRun the installer as root.\n");
        _home.Write("docs/broken.md", "---\ntitle: \"unclosed\n---\n# Broken\n\nThe body is stored.\n");

        var ingest = await RunAsync("ingest", "docs", "--collection", "docs");
        var search = await RunAsync("search", "run the installer", "--collection", "docs", "--filter", "title=Install guide");
        var chunks = await RunAsync("collections", "chunks", "docs", "docs/broken.md");
        var cut = await RunAsync("chunks", "docs/guide.md");

        Assert.Equal(ExitCodes.Warnings, ingest.ExitCode);
        Assert.Contains("the front matter of 1 document is not valid", ingest.Out, StringComparison.Ordinal);
        Assert.Contains("docs/guide.md:5\n        Install guide > Setup\n        # Setup\n        Run the installer as root.\n", search.Out, StringComparison.Ordinal);
        Assert.Contains("docs/broken.md #0: lines 4 to 6,", chunks.Out, StringComparison.Ordinal);
        Assert.Contains("    [Broken]\n    # Broken\n\n    The body is stored.\n", chunks.Out, StringComparison.Ordinal);
        Assert.Contains("docs/guide.md #0: lines 5 to 7,", cut.Out, StringComparison.Ordinal);
        Assert.Contains("    [Install guide]\n    # Setup\n", cut.Out, StringComparison.Ordinal);
    }

    private Task<CliResult> RunAsync(params string[] command) => CliRun.InvokeAsync(_home.Path, [.. command, "--data", _home.At("data")]);
}
