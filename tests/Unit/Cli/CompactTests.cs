using System.Text.Json;
using Quiver.Cli;

namespace Quiver.Tests.Unit.Cli;

public sealed class CompactTests
{
    [Fact]
    public async Task Compact_PrintsTheSizesBeforeAndAfter()
    {
        var cli = new CliHarness();

        Assert.Equal(ExitCodes.Success, await cli.RunAsync("compact", "--data", "/data"));

        Assert.Equal("/data", cli.Compacted);
        Assert.Equal(
            [
                "STORE            BEFORE   AFTER",
                "ledger           4.8 MB   20 KB",
                "embedding cache  351 MB  190 MB",
                "total            355 MB  190 MB",
            ],
            cli.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public async Task Compact_AsJson_HasBytes()
    {
        var cli = new CliHarness();

        await cli.RunAsync("compact", "--json");

        var document = JsonDocument.Parse(cli.Out).RootElement;
        Assert.Equal("ledger", document.GetProperty("stores")[0].GetProperty("name").GetString());
        Assert.Equal(20_480, document.GetProperty("stores")[0].GetProperty("bytesAfter").GetInt64());
        Assert.Equal(5_000_000 + (351L << 20), document.GetProperty("bytesBefore").GetInt64());
    }

    [Fact]
    public async Task Compact_OfAServer_IsRefused()
    {
        var cli = new CliHarness();

        Assert.Equal(ExitCodes.Usage, await cli.RunAsync("compact", "--server", "http://127.0.0.1:7700"));

        Assert.Null(cli.Compacted);
        Assert.Contains("stop the server", cli.Error, StringComparison.Ordinal);
    }
}
