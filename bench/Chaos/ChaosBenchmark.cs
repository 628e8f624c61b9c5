using System.Diagnostics;
using System.Globalization;
using Quiver.Bench.Measuring;

namespace Quiver.Bench.Chaos;

/// <summary>Tests of the suite that somebody wants to run for longer than the suite does.</summary>
internal static class ChaosBenchmark
{
    private const int DefaultKills = 200;
    private const int DefaultMinutes = 30;

    /// <summary>Every kind of job on every kind of deployment, killed at random moments.</summary>
    public static Task<int> KillAsync(string[] args) =>
        RunAsync(args, "RandomKillTests", ("QUIVER_TEST_KILLS", new BenchOptions(args).Number("--kills", DefaultKills)));

    /// <summary>Two tenants, random faults, and a process that must not grow.</summary>
    public static Task<int> SoakAsync(string[] args) =>
        RunAsync(args, "SoakTests", ("QUIVER_TEST_SOAK_MINUTES", new BenchOptions(args).Number("--minutes", DefaultMinutes)));

    private static async Task<int> RunAsync(string[] args, string test, (string Name, int Value) setting)
    {
        var options = new BenchOptions(args);
        var sources = SourceFolder.Find();
        var environment = new Dictionary<string, string> { [setting.Name] = setting.Value.ToString(CultureInfo.InvariantCulture) };
        if (options.Has("--seed"))
        {
            environment["QUIVER_TEST_SEED"] = options.Number("--seed", 0).ToString(CultureInfo.InvariantCulture);
        }

        var built = await RunAsync("dotnet", ["build", Path.Combine(sources, "tests"), "-c", "Release", "-v", "q", "-nologo"], []);
        return built != 0
            ? built
            : await RunAsync(
                Path.Combine(sources, "artifacts", "bin", "Quiver.Tests", "release", "Quiver.Tests"),
                ["-class", $"Quiver.Tests.Chaos.{test}", "-explicit", "on", "-showLiveOutput"],
                environment);
    }

    private static async Task<int> RunAsync(string program, string[] arguments, Dictionary<string, string> environment)
    {
        var start = new ProcessStartInfo(program, arguments);
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        await process.WaitForExitAsync();
        return process.ExitCode;
    }
}
