using System.Globalization;
using Quiver.Bench.Ingest;
using Quiver.Silo.Hosting;

namespace Quiver.Bench.Memory;

/// <summary>The child process of the memory benchmark: ingests a file and prints its peak resident set.</summary>
internal static class MemoryProbe
{
    /// <summary>The argument that makes this process a probe.</summary>
    public const string Name = "memory-probe";

    /// <summary>Begins as Quiver does and ingests <c>args[0]</c> as <c>args[1]</c> into the data directory <c>args[2]</c>.</summary>
    /// <returns>0.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        NativeHeaps.Limit();
        JobStatus status;
        await using (var silo = await BenchSilo.StartAsync(args[2], trivialVectors: true))
        {
            status = await silo.IngestAsync(args[0], Enum.Parse<DocumentFormat>(args[1]));
        }

        var memory = File.ReadLines("/proc/self/status").Select(line => line.Split(':', StringSplitOptions.TrimEntries)).ToDictionary(parts => parts[0], parts => parts[1]);
        long Bytes(string name) => long.Parse(memory[name].Split(' ')[0], CultureInfo.InvariantCulture) * 1024;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{Bytes("VmHWM")} {Bytes("RssFile")} {Bytes("RssAnon")} {status.Counters.Documents} {status.Counters.PointsWritten} {status.Elapsed.TotalSeconds}"));
        return 0;
    }
}
