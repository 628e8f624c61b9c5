using System.Text.Json;
using Quiver.GrainInterfaces.Providers;

namespace Quiver.Tests.Unit.Cli;

public sealed class ProvidersTests
{
    private static readonly ProviderInfo Learned =
        Samples.Provider with { Learned = new LearnedLimits { MaxInputs = 32, MaxTokensPerRequest = 16_384, MaxTokensPerInput = 512 } };

    [Fact]
    public async Task List_LimitsThatWereLearned_AreShownWithTheSettingsThatKeepThem()
    {
        var cli = new CliHarness();
        cli.Client.Provider = Learned;

        await cli.RunAsync("providers", "list");

        Assert.Contains(
            "note: openai: learned from its refusals: at most 32 texts in a request. It doubles with every hour; to keep to it, set Quiver:Providers:openai:MaxInputs to 32.",
            cli.Out,
            StringComparison.Ordinal);
        Assert.Contains("at most 16,384 tokens in a request.", cli.Out, StringComparison.Ordinal);
        Assert.Contains("set Quiver:Providers:openai:MaxTokensPerInput to 512.", cli.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_Json_HasTheLearnedLimitsBesideTheConfiguredOnes()
    {
        var cli = new CliHarness();
        cli.Client.Provider = Learned;

        await cli.RunAsync("providers", "list", "--json");

        using var document = JsonDocument.Parse(cli.Out);
        var provider = document.RootElement.GetProperty("items")[0];
        Assert.Equal((2048, 32), (provider.GetProperty("maxInputs").GetInt32(), provider.GetProperty("learned").GetProperty("maxInputs").GetInt32()));
    }

    [Fact]
    public async Task Test_LimitsThatWereLearned_ReplaceTheConfiguredOnes()
    {
        var cli = new CliHarness();
        cli.Client.Provider = Learned;

        await cli.RunAsync("providers", "test", "openai");

        Assert.Contains("texts per request    32 (learned from a refusal)", cli.Out, StringComparison.Ordinal);
        Assert.Contains("requests per minute  3,000", cli.Out, StringComparison.Ordinal);
    }
}
