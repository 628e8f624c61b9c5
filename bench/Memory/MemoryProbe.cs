using System.Globalization;
using Quiver.Bench.Ingest;
using Quiver.Bench.Measuring;
using Quiver.Silo.Hosting;

namespace Quiver.Bench.Memory;

/// <summary>The child process of the memory benchmark: ingests a file and prints its peak resident set size.</summary>
internal static class MemoryProbe
{
    /// <summary>The argument that runs this process as a probe.</summary>
    public const string Name = "memory-probe";

    /// <summary>Starts like Quiver and ingests <c>args[0]</c> as <c>args[1]</c> into the data directory <c>args[2]</c>.</summary>
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

/// <summary>The result of a probe.</summary>
/// <param name="Peak">Its peak resident set size in bytes.</param>
/// <param name="Documents">Documents ingested.</param>
/// <param name="Points">Points written.</param>
/// <param name="Seconds">The job's time.</param>
/// <param name="FileAtEnd">Resident bytes of mapped files at its end.</param>
/// <param name="OwnAtEnd">Resident anonymous bytes at its end.</param>
internal sealed record MemoryReading(long Peak, long FileAtEnd, long OwnAtEnd, long Documents, long Points, double Seconds)
{
    /// <summary>Ingests a file in a child process.</summary>
    public static async Task<MemoryReading> TakeAsync(string input, DocumentFormat format, string dataDirectory)
    {
        using var probe = ThisProgram.Start(MemoryProbe.Name, input, format.ToString(), dataDirectory);
        var said = await probe.StandardOutput.ReadToEndAsync();
        await probe.WaitForExitAsync();
        if (probe.ExitCode != 0)
        {
            throw new InvalidOperationException($"The probe ended with {probe.ExitCode}.");
        }

        var numbers = said.Split(' ').Select(word => double.Parse(word, CultureInfo.InvariantCulture)).ToArray();
        return new((long)numbers[0], (long)numbers[1], (long)numbers[2], (long)numbers[3], (long)numbers[4], numbers[5]);
    }
}
