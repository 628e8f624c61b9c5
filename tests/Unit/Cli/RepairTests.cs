using System.Text.Json;
using Quiver.Cli;
using Quiver.Cli.Sessions;

namespace Quiver.Tests.Unit.Cli;

public sealed class RepairTests
{
    private static readonly RepairedStore Intact = new("ledger");
    private static readonly RepairedStore Damaged = new("grain state", "/data/grains.db is damaged.", "It is made again.", "Checkpoints.");
    private static readonly RepairedStore Newer = new("index a", "/data/vectors/a/index.db was written by a newer version of Quiver.");

    public static TheoryData<string, string, int> Cases => new()
    {
        { "", "", ExitCodes.Success },
        { "i", "", ExitCodes.Success },
        { "id", "", ExitCodes.Warnings },
        { "id", "--dry-run", ExitCodes.Failure },
        { "i", "--dry-run", ExitCodes.Success },
        { "idn", "", ExitCodes.Failure },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Repair_ExitsByWhatItFound(string found, string option, int exitCode)
    {
        var cli = new CliHarness { Damage = [.. found.Select(static letter => letter switch { 'i' => Intact, 'd' => Damaged, _ => Newer })] };

        Assert.Equal(exitCode, await cli.RunAsync(["repair", "--data", "/data", .. option.Split(' ', StringSplitOptions.RemoveEmptyEntries)]));

        Assert.Equal(("/data", option.Length > 0), cli.Repaired);
    }

    [Fact]
    public async Task Repair_SaysWhatIsWrongWhatItDidAndWhatIsLost()
    {
        var cli = new CliHarness { Damage = [Intact, Damaged] };

        await cli.RunAsync("repair");

        Assert.Equal(
            ["ledger: intact.", "grain state: /data/grains.db is damaged.", "  repaired: It is made again.", "  lost: Checkpoints."],
            cli.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public async Task Repair_AsJson_HasTheSame()
    {
        var cli = new CliHarness { Damage = [Intact, Damaged] };

        await cli.RunAsync("repair", "--json", "--dry-run");

        var document = JsonDocument.Parse(cli.Out).RootElement;
        Assert.False(document.GetProperty("intact").GetBoolean());
        Assert.False(document.GetProperty("repaired").GetBoolean());
        Assert.False(document.GetProperty("stores")[0].TryGetProperty("damage", out _));
        Assert.Equal("Checkpoints.", document.GetProperty("stores")[1].GetProperty("lost").GetString());
    }

    [Fact]
    public async Task Repair_OfAServer_IsRefused()
    {
        var cli = new CliHarness();

        Assert.Equal(ExitCodes.Usage, await cli.RunAsync("repair", "--server", "http://127.0.0.1:7700"));

        Assert.Null(cli.Repaired);
        Assert.Contains("stop the server", cli.Error, StringComparison.Ordinal);
    }
}
