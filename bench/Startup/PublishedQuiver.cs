using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Quiver.Bench.Startup;

/// <summary>A published build and its runs.</summary>
internal sealed class PublishedQuiver(string directory)
{
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
        await RunAsync(Path.Combine(directory, OperatingSystem.IsWindows() ? "quiver.exe" : "quiver"), arguments, directory);
        return Stopwatch.GetElapsedTime(started).TotalSeconds;
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
}
