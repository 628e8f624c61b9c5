using System.Text;
using Quiver.Cli;
using Quiver.Tests.Integration.EndToEnd;
using Quiver.Tests.Services.S3;
using Quiver.Tests.Support;

namespace Quiver.Tests.Behaviour;

/// <summary>Keys of services, right and wrong ones, are in no output, however much is logged, and in no file.</summary>
[Collection(S3ServerCollection.Name)]
public sealed class SecretsTests(S3Server server) : IDisposable
{
    private const string ProviderKey = "QUIVER__PROVIDERS__SCRIPTED__APIKEY";
    private const string ProviderHeader = "QUIVER__PROVIDERS__SCRIPTED__HEADERS__X-PASS";
    private const string QdrantKey = "QUIVER__QDRANT__APIKEY";
    private const string S3Key = "QUIVER__S3__SECRETKEY";

    private static readonly ImmutableDictionary<string, string> Secrets = new Dictionary<string, string>
    {
        [ProviderKey] = "sk-of-the-provider-4711",
        [ProviderHeader] = "pass-of-the-provider-4712",
        [QdrantKey] = "key-of-the-store-4713",
    }.ToImmutableDictionary();

    private readonly TemporaryFolder _home = new();

    public void Dispose() => _home.Dispose();

    [Theory]
    [InlineData(null, ExitCodes.Success)]
    [InlineData(ProviderKey, ExitCodes.Failure)]
    [InlineData(QdrantKey, ExitCodes.Failure)]
    [InlineData(S3Key, ExitCodes.Failure)]
    public async Task Ingest_WithRightOrWrongKeys_TellsNobodyWhatTheyAre(string? wrong, int exitCode)
    {
        const string mistaken = "no-key-at-all-4714";
        var bucket = await server.NewBucketAsync();
        await bucket.PutAsync("notes/a.jsonl", """{"id":"trees","text":"The garden has seven apple trees."}""");
        await using var services = await ThreeServices.StartAsync(server);
        (services.Provider.Key, services.Qdrant.ApiKey) = (Secrets[ProviderKey], Secrets[QdrantKey]);
        var environment = new Dictionary<string, string>(ThreeServices.EnvironmentOf(services.Settings).Concat(Secrets));
        foreach (var category in new[] { "DEFAULT", "MICROSOFT", "ORLEANS", "POLLY", "SYSTEM", "AMAZON" })
        {
            environment[$"LOGGING__LOGLEVEL__{category}"] = "Trace";
        }

        if (wrong is not null)
        {
            environment[wrong] = mistaken;
        }

        string[] command = ["ingest", bucket.Address("notes/"), "--collection", "notes", "--id-field", "id", "--verbose", "--data", _home.At("data")];

        await using var process = QuiverProcess.Start(_home.Path, command, environment);

        Assert.True(await process.ExitAsync() == exitCode, process.Describe($"should have ended with {exitCode}"));
        Assert.Contains("\"LogLevel\":\"Debug\"", process.Error.Text, StringComparison.Ordinal);
        string[] secrets = [.. Secrets.Values, mistaken, $"\"{S3ServerProcess.SecretKey}\""];
        Assert.All(secrets, secret => Assert.DoesNotContain(secret, process.Out.Text + process.Error.Text, StringComparison.Ordinal));
        Assert.All(
            Directory.EnumerateFiles(_home.Path, "*", SearchOption.AllDirectories),
            file => Assert.All(secrets, secret => Assert.True(File.ReadAllBytes(file).AsSpan().IndexOf(Encoding.UTF8.GetBytes(secret)) < 0, $"{file} holds {secret}.")));
    }
}
