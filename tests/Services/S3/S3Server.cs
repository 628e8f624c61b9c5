using System.Diagnostics;
using System.Globalization;
using Amazon.S3;
using Quiver.Tests.Support;

namespace Quiver.Tests.Services.S3;

/// <summary>A real S3 server, installed once per machine outside of the repository and started once per run. Where it cannot be had, tests are skipped.</summary>
public sealed class S3Server : IAsyncLifetime
{
    public const string AccessKey = "test:tester";
    public const string SecretKey = "testing";

    /// <summary>The folder of the installation; the default lies in the machine's folder for temporary files.</summary>
    private const string FolderVariable = "QUIVER_TEST_SERVICES";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(6);
    private readonly TemporaryFolder _folder = new();
    private Process? _process;
    private int _proxy;
    private int _buckets;
    private AmazonS3Client? _client;
    private string? _unavailable;

    /// <summary>Where it answers.</summary>
    public Uri Endpoint { get; private set; } = new("http://127.0.0.1:1");

    /// <summary>A client that knows the secret.</summary>
    public IAmazonS3 Client => _client ?? throw new InvalidOperationException("The server does not run.");

    public async ValueTask InitializeAsync()
    {
        var scripts = Path.Combine(SourceTree.Root, "tests", "Services", "S3");
        var folder = Path.Combine(Environment.GetEnvironmentVariable(FolderVariable) ?? Path.Combine(Path.GetTempPath(), "quiver-test-services"), "s3");
        if (!OperatingSystem.IsLinux())
            _unavailable = "the server for these tests runs on Linux only";
        else
            _unavailable = await InstallAsync(Path.Combine(scripts, "install.sh"), folder);
        if (_unavailable is not null)
            return;
        var python = Path.Combine(folder, "pkg", "usr", "lib", "python3", "dist-packages");
        _process = Process.Start(new ProcessStartInfo("/usr/bin/python3", [Path.Combine(scripts, "server.py"), "run", python, _folder.At("data")])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        });
        await ReadyAsync();
        _client = new AmazonS3Client(AccessKey, SecretKey, new AmazonS3Config
        {
            ServiceURL = Endpoint.AbsoluteUri,
            AuthenticationRegion = "us-east-1",
            ForcePathStyle = true,
        });
    }

    /// <summary>An empty bucket of a test's own. Skips the test where there is no server.</summary>
    public async Task<TestBucket> NewBucketAsync()
    {
        Assert.SkipWhen(_unavailable is not null, $"No S3 server for tests: {_unavailable}.");
        var name = string.Create(CultureInfo.InvariantCulture, $"test-{Interlocked.Increment(ref _buckets)}");
        await Client.PutBucketAsync(name, TestContext.Current.CancellationToken);
        return new TestBucket(this, name);
    }

    /// <summary>SIGSTOP: connections stay open and are accepted, and nothing comes any more.</summary>
    public Task FreezeAsync() => SignalAsync("-STOP");

    /// <summary>SIGCONT.</summary>
    public Task ThawAsync() => SignalAsync("-CONT");

    /// <summary>SIGKILL: open connections are reset, new ones refused.</summary>
    public Task KillAsync() => SignalAsync("-KILL");

    /// <summary>Starts it again where it was, with all that was stored.</summary>
    public async Task RestartAsync()
    {
        await _process!.StandardInput.WriteLineAsync("restart");
        await _process.StandardInput.FlushAsync();
        await ReadyAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _client?.Dispose();
        if (_process is not null)
        {
            // Its end of input is what it ends by; it takes its own processes along.
            _process.StandardInput.Close();
            await _process.WaitForExitAsync(CancellationToken.None).WaitAsync(Patience, CancellationToken.None);
            _process.Dispose();
        }

        _folder.Dispose();
    }

    private static async Task<string?> InstallAsync(string script, string folder)
    {
        try
        {
            using var install = Process.Start(new ProcessStartInfo("bash", [script, folder]) { RedirectStandardOutput = true })!;
            using var patience = new CancellationTokenSource(Patience);
            var said = await install.StandardOutput.ReadToEndAsync(patience.Token);
            await install.WaitForExitAsync(patience.Token);
            return install.ExitCode == 0 ? null : said.Length > 0 ? said.Trim() : $"{script} ended with {install.ExitCode}";
        }
        catch (Exception e) when (e is System.ComponentModel.Win32Exception or OperationCanceledException)
        {
            return $"{script} cannot be run: {e.Message}";
        }
    }

    private async Task ReadyAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        var line = await _process!.StandardOutput.ReadLineAsync(patience.Token);
        if (line?.Split(' ') is not ["ready", var port, var proxy])
            throw new InvalidOperationException($"The S3 server did not start: {line}");
        Endpoint = new Uri($"http://127.0.0.1:{port}");
        _proxy = int.Parse(proxy, CultureInfo.InvariantCulture);
    }

    private async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [signal, _proxy.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync(CancellationToken.None);
        Assert.Equal(0, kill.ExitCode);
    }
}
