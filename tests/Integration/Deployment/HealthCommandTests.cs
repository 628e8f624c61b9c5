using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Quiver.Silo.Options;
using Quiver.Tests.Support;
using Quiver.Tests.Unit.Deployment;

namespace Quiver.Tests.Integration.Deployment;

/// <summary>The image's health check, asked of a real server.</summary>
public sealed class HealthCommandTests
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromMinutes(3);

    [Fact]
    public async Task HealthCheck_TellsAServerThatIsReadyFromOneThatIsGone()
    {
        Assert.SkipUnless(File.Exists("/bin/bash"), "There is no bash on this machine.");
        using var folder = new TemporaryFolder();
        await using var server = await ServeProcess.StartAsync(folder.Path, folder.At("data"));

        // Not at once: the model is still being loaded.
        using var timeout = new CancellationTokenSource(StartTimeout);
        while (await AskAsync(server.Address.Port) != 0)
        {
            Assert.False(timeout.IsCancellationRequested, $"The server was not ready within {StartTimeout}.");
        }

        server.Process.Kill();
        await server.Process.ExitAsync();
        Assert.NotEqual(0, await AskAsync(server.Address.Port));
    }

    private static async Task<int> AskAsync(int port)
    {
        var words = JsonSerializer.Deserialize<string[]>(new DockerfileText("Dockerfile").Last("HEALTHCHECK").Split(" CMD ", 2)[1])!;
        var usual = new Uri(ServerOptions.DefaultUrl).Port.ToString(CultureInfo.InvariantCulture);
        using var process = Process.Start(words[0], words[1..].Select(word => word.Replace(usual, port.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)));
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return process.ExitCode;
    }
}
