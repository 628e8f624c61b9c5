using System.Text.Json;
using Quiver.Cli;
using Quiver.Tests.Support;
using Quiver.Tests.Support.Providers;

namespace Quiver.Tests.Behaviour;

/// <summary>The real executable with a provider of the settings, which come from file and environment.</summary>
public sealed class ProviderCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Ingest_WithAnOpenAIProvider_EmbedsThere_AndTheCommandsShowIt()
    {
        await using var provider = await ScriptedProvider.StartAsync();
        provider.Key = "sk-of-the-environment";
        Dictionary<string, string> environment = new() { ["SCRIPTED_KEY"] = "sk-of-the-environment", ["QUIVER__PROVIDERS__SCRIPTED__PRICEPERMILLIONTOKENS"] = "10" };
        _folder.Write("data/quiver.json", JsonSerializer.Serialize(new
        {
            Quiver = new
            {
                Embedding = new { DefaultProvider = "scripted" },
                Providers = new { Scripted = new { Preset = "vllm", BaseAddress = provider.Address, Model = "acme/scripted-model", Dimensions = 8, ApiKeyVariable = "SCRIPTED_KEY" } },
            },
        }));
        _folder.Write("notes.txt", "The garden has seven apple trees.");

        var ingest = await RunAsync(environment, ExitCodes.Success, "ingest", "notes.txt", "--collection", "notes");
        var search = await RunAsync(environment, ExitCodes.Success, "search", "The garden has seven apple trees.", "--collection", "notes");
        var list = await RunAsync(environment, ExitCodes.Success, "providers", "list");
        var test = await RunAsync(environment, ExitCodes.Success, "providers", "test", "scripted");
        var usage = await RunAsync(environment, ExitCodes.Success, "usage");
        environment["SCRIPTED_KEY"] = "sk-wrong";
        var denied = await RunAsync(environment, ExitCodes.Failure, "providers", "test", "scripted");
        var unknown = await RunAsync(environment, ExitCodes.NotFound, "providers", "test", "unknown");

        Assert.Contains("embedded tokens 6", ingest, StringComparison.Ordinal);
        Assert.Contains("cost", ingest, StringComparison.Ordinal);
        Assert.Contains("notes.txt", search, StringComparison.Ordinal);
        Assert.Contains("scripted (default)", list, StringComparison.Ordinal);
        Assert.Contains("dimensions           8", test, StringComparison.Ordinal);
        Assert.Contains("embedded tokens  6", usage, StringComparison.Ordinal);
        Assert.Contains(ErrorCodes.ProviderDenied, denied, StringComparison.Ordinal);
        Assert.Contains("set Quiver:Providers:scripted:ApiKey or the environment variable SCRIPTED_KEY, then try again", denied, StringComparison.Ordinal);
        Assert.DoesNotContain("sk-", denied, StringComparison.Ordinal);
        Assert.Contains(ErrorCodes.UnknownProvider, unknown, StringComparison.Ordinal);
    }

    private async Task<string> RunAsync(Dictionary<string, string> environment, int exitCode, params string[] arguments)
    {
        await using var process = QuiverProcess.Start(_folder.Path, [.. arguments, "--data", _folder.At("data")], environment);
        Assert.True(await process.ExitAsync() == exitCode, process.Describe($"should have ended with {exitCode}"));
        return process.Out.Text + process.Error.Text;
    }
}
