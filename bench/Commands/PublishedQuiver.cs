using System.Diagnostics;
using System.Net.Http.Json;
using System.Runtime.InteropServices;

namespace Quiver.Bench.Commands;

/// <summary>A published build and its runs.</summary>
/// <param name="directory">Where it is, absolute.</param>
internal sealed class PublishedQuiver(string directory)
{
    private const int Jobs = 1_000;

    /// <summary>A poll of the file system's or the kernel's numbers; short beside what is measured.</summary>
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(2);

    /// <summary>How long an idle server is watched, after as long a rest.</summary>
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(10);

    private readonly string _executable = Path.Combine(directory, OperatingSystem.IsWindows() ? "quiver.exe" : "quiver");

    /// <summary>The size of the build, megabytes of 10⁶ bytes.</summary>
    public double Megabytes => new DirectoryInfo(directory).EnumerateFiles("*", SearchOption.AllDirectories).Sum(static file => file.Length) / 1e6;

    /// <summary>Publishes the silo for this machine, compiled ahead of time.</summary>
    public static async Task<PublishedQuiver> PublishAsync(string target)
    {
        var repository = Directory.GetCurrentDirectory();
        if (!Directory.Exists(Path.Combine(repository, "silo")))
        {
            throw new InvalidOperationException("Run it in the repository's folder, or name a published build with --published DIR.");
        }

        string[] arguments = ["publish", "silo", "-c", "Release", "-r", RuntimeInformation.RuntimeIdentifier, "--self-contained", "false", "-p:PublishReadyToRun=true", "-o", target, "-v", "quiet", "-nologo"];
        await RunAsync("dotnet", arguments, repository);
        return new(target);
    }

    /// <summary>Runs the executable and gives the seconds from its start to its end.</summary>
    public async Task<double> TimeAsync(params string[] arguments)
    {
        var started = Stopwatch.GetTimestamp();
        await RunAsync(_executable, arguments, directory);
        return Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    /// <summary>Fills a data directory with 1,000 finished jobs of one document each.</summary>
    public async Task MakeJobsAsync(string data, string document)
    {
        await using var server = await ServeAsync(data);
        for (var job = 0; job < Jobs; job++)
        {
            using var answer = await server.Http.PostAsJsonAsync("/v1/jobs", new { collection = "jobs", source = new { paths = new[] { document } } });
            answer.EnsureSuccessStatusCode();
        }

        while ((await server.Http.GetStringAsync("/v1/jobs?state=queued&limit=1")).Contains("\"id\"", StringComparison.Ordinal)
            || (await server.Http.GetStringAsync("/v1/jobs?state=running&limit=1")).Contains("\"id\"", StringComparison.Ordinal))
        {
            await Task.Delay(Poll * 100);
        }
    }

    /// <summary>Starts a server and measures it.</summary>
    /// <returns>Seconds until it is ready; then its resident memory (megabytes of 10⁶ bytes) and its share of one processor while it is idle.</returns>
    public async Task<(double Ready, double Megabytes, double Processor)> ServeIdleAsync(string data)
    {
        await using var server = await ServeAsync(data);
        await Task.Delay(Idle);
        server.Process.Refresh();
        var before = server.Process.TotalProcessorTime;
        await Task.Delay(Idle);
        server.Process.Refresh();
        return (server.Ready, server.Process.WorkingSet64 / 1e6, (server.Process.TotalProcessorTime - before) / Idle);
    }

    private async Task<Server> ServeAsync(string data)
    {
        var started = Stopwatch.GetTimestamp();
        var process = Process.Start(new ProcessStartInfo(_executable, ["serve", "--data", data, "--urls", "http://127.0.0.1:0"])
        {
            WorkingDirectory = directory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginErrorReadLine();
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.StartsWith("Quiver serves ", StringComparison.Ordinal))
            {
                var http = new HttpClient { BaseAddress = new Uri(line.Split(' ', ',')[2]) };
                while (!(await http.GetAsync("/health/ready")).IsSuccessStatusCode)
                {
                    await Task.Delay(Poll);
                }

                return new(process, http, Stopwatch.GetElapsedTime(started).TotalSeconds);
            }
        }

        throw new InvalidOperationException($"{_executable} serve ended without an address.");
    }

    private static async Task RunAsync(string executable, IEnumerable<string> arguments, string workingDirectory)
    {
        var start = new ProcessStartInfo(executable, arguments) { WorkingDirectory = workingDirectory, RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{executable} ended with {process.ExitCode}: {await errors} {await output}");
        }
    }

    private sealed record Server(Process Process, HttpClient Http, double Ready) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            Http.Dispose();
            Process.Kill();
            await Process.WaitForExitAsync();
            Process.Dispose();
        }
    }
}
