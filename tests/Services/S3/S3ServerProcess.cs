using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Amazon.S3;

namespace Quiver.Tests.Services.S3;

/// <summary>A real S3 server, installed once per machine outside the repository. Benchmarks use it too, so it does not depend on xunit.</summary>
internal sealed class S3ServerProcess : IAsyncDisposable
{
    public const string AccessKey = "test:tester";
    public const string SecretKey = "testing";
    public const string Region = "us-east-1";

    /// <summary>The folder of installations; by default in the machine's folder for temporary files.</summary>
    private const string FolderVariable = "QUIVER_TEST_SERVICES";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(6);
    private readonly Process _process;
    private int _proxy;

    private S3ServerProcess(Process process) => _process = process;

    /// <summary>Its address.</summary>
    public Uri Endpoint { get; private set; } = new("http://127.0.0.1:1");

    private static string Folder => Path.Combine(Environment.GetEnvironmentVariable(FolderVariable) ?? Path.Combine(Path.GetTempPath(), "quiver-test-services"), "s3");

    /// <summary>Installs the server if it is missing; returns the reason of a failure, or null.</summary>
    /// <param name="sources">The repository.</param>
    public static async Task<string?> InstallAsync(string sources)
    {
        if (!OperatingSystem.IsLinux())
        {
            return "it runs on Linux only";
        }

        try
        {
            using var install = Process.Start(new ProcessStartInfo("bash", [Script(sources, "install.sh"), Folder]) { RedirectStandardOutput = true })!;
            using var patience = new CancellationTokenSource(Patience);
            var said = await install.StandardOutput.ReadToEndAsync(patience.Token);
            await install.WaitForExitAsync(patience.Token);
            return install.ExitCode == 0 ? null : said.Length > 0 ? said.Trim() : $"its installation ended with {install.ExitCode}";
        }
        catch (Exception e) when (e is Win32Exception or OperationCanceledException)
        {
            return $"its installation cannot be run: {e.Message}";
        }
    }

    /// <summary>Starts it on free ports of this machine's loopback.</summary>
    /// <param name="sources">The repository.</param>
    /// <param name="data">The folder of its objects, which does not exist yet.</param>
    public static async Task<S3ServerProcess> StartAsync(string sources, string data)
    {
        var python = Path.Combine(Folder, "pkg", "usr", "lib", "python3", "dist-packages");
        var process = Process.Start(new ProcessStartInfo("/usr/bin/python3", [Script(sources, "server.py"), "run", python, data])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        var server = new S3ServerProcess(process);
        await server.ReadyAsync();
        return server;
    }

    /// <summary>A client with the server's credentials.</summary>
    public AmazonS3Client NewClient() =>
        new(AccessKey, SecretKey, new AmazonS3Config { ServiceURL = Endpoint.AbsoluteUri, AuthenticationRegion = Region, ForcePathStyle = true });

    /// <summary>Sends a signal to the process that clients talk to.</summary>
    public async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [signal, _proxy.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync(CancellationToken.None);
        if (kill.ExitCode != 0)
        {
            throw new InvalidOperationException($"kill {signal} ended with {kill.ExitCode}.");
        }
    }

    /// <summary>Restarts that process on the same port with everything that was stored.</summary>
    public async Task RestartAsync()
    {
        await _process.StandardInput.WriteLineAsync("restart");
        await _process.StandardInput.FlushAsync();
        await ReadyAsync();
    }

    public async ValueTask DisposeAsync()
    {
        // It exits, with its own processes, when its input ends.
        _process.StandardInput.Close();
        await _process.WaitForExitAsync(CancellationToken.None).WaitAsync(Patience, CancellationToken.None);
        _process.Dispose();
    }

    private static string Script(string sources, string name) => Path.Combine(sources, "tests", "Services", "S3", name);

    private async Task ReadyAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        var line = await _process.StandardOutput.ReadLineAsync(patience.Token);
        if (line?.Split(' ') is not ["ready", var port, var proxy])
        {
            throw new InvalidOperationException($"The S3 server did not start: {line}");
        }

        Endpoint = new Uri($"http://127.0.0.1:{port}");
        _proxy = int.Parse(proxy, CultureInfo.InvariantCulture);
    }
}
