using System.Diagnostics;
using Microsoft.Extensions.Configuration;
using Quiver.Adapters.Embeddings.OpenAI;
using Quiver.Adapters.Embeddings.Providers;
using Quiver.Tests.Unit.Architecture;
using Quiver.Tests.Unit.Deployment;

namespace Quiver.Tests.Integration.Deployment;

/// <summary>The fake embedding service of the local profile, as the profile's settings use it.</summary>
public sealed class FakeProviderTests
{
    /// <summary>The first start compiles it, possibly on a busy machine.</summary>
    private static readonly TimeSpan StartTimeout = TimeSpan.FromMinutes(3);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("base64")]
    [InlineData("float")]
    public async Task FakeProvider_AsTheLocalProfileSetsIt_GivesTheSameTextTheSameVector(string encoding)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Needs SIGTERM.");
        using var process = Start();
        try
        {
            using var http = new ProviderHttp();
            using var generator = new OpenAIEmbeddingGenerator(ProviderFactory.CreateSettings("fake", Options(await PortAsync(process), encoding), static _ => null), http, TimeProvider.System);

            var vectors = await generator.GenerateAsync(["the quiet bridge", "a loud street", "the quiet bridge"], cancellationToken: Token);

            Assert.Equal(vectors[0].Vector.ToArray(), vectors[2].Vector.ToArray());
            Assert.NotEqual(vectors[0].Vector.ToArray(), vectors[1].Vector.ToArray());
            Assert.True(vectors.Usage!.InputTokenCount > 0);
        }
        finally
        {
            await StopAsync(process);
        }
    }

    private static Process Start()
    {
        var start = new ProcessStartInfo("dotnet", ["run", Path.Combine(SourceTree.Root, "deploy/fake-provider/server.cs")]) { RedirectStandardOutput = true };
        start.Environment["PORT"] = "0";
        return Process.Start(start)!;
    }

    /// <summary>With SIGTERM, which <c>dotnet run</c> passes on: were it killed, the service would stay.</summary>
    private static async Task StopAsync(Process process)
    {
        using var kill = Process.Start("kill", ["-TERM", $"{process.Id}"]);
        await process.WaitForExitAsync(CancellationToken.None).WaitAsync(StartTimeout, CancellationToken.None);
    }

    private static async Task<string> PortAsync(Process process)
    {
        List<string> lines = [];
        while (await process.StandardOutput.ReadLineAsync(Token).AsTask().WaitAsync(StartTimeout, Token) is { } line)
        {
            lines.Add(line);
            if (line.Contains(" listens on port ", StringComparison.Ordinal))
            {
                return line.Split(' ')[^1].TrimEnd('.');
            }
        }

        throw new InvalidOperationException($"The fake provider did not start: {string.Join('\n', lines)}");
    }

    /// <summary>The profile's settings, at another address.</summary>
    private static ProviderOptions Options(string port, string encoding)
    {
        var environment = ComposeProject.Load(ComposeProject.Main, ComposeProject.Example)["silo-1"].Environment;
        var settings = new ConfigurationBuilder().AddInMemoryCollection(environment.Select(static setting => KeyValuePair.Create(setting.Key.Replace("__", ":", StringComparison.Ordinal), (string?)setting.Value))).Build();
        var options = settings.GetSection("Quiver:Providers:fake").Get<ProviderOptions>()!;
        options.BaseAddress = new UriBuilder(options.BaseAddress!) { Host = "127.0.0.1", Port = int.Parse(port, System.Globalization.CultureInfo.InvariantCulture) }.ToString();
        options.Encoding = encoding;
        return options;
    }
}
