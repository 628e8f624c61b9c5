using System.Globalization;
using Quiver.Cli.Doctor;

namespace Quiver.Silo.Doctor;

/// <summary>There is memory for the model and an index.</summary>
/// <param name="availableBytes">Gives the bytes that this process could still take.</param>
internal sealed class MemoryCheck(Func<long> availableBytes) : IDoctorCheck
{
    private const long Megabyte = 1L << 20;
    private const long Comfortable = 1_024 * Megabyte;
    private const long Least = 384 * Megabyte;
    private const string More = "End other programs, raise the container's limit, or ingest with a smaller --max-in-flight.";

    public string Name => "memory";

    /// <summary>Free memory by the operating system, or the container's limit where that is less.</summary>
    public static long OfMachine()
    {
        var limit = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        return File.Exists(MemoryInfo.Path) && MemoryInfo.Available(File.ReadLines(MemoryInfo.Path)) is { } free ? Math.Min(limit, free) : limit;
    }

    public Task<DoctorResult> RunAsync(CancellationToken cancellationToken)
    {
        var free = availableBytes();
        var found = $"{(free / Megabyte).ToString("N0", CultureInfo.InvariantCulture)} MB available.";
        return Task.FromResult(free < Least ? DoctorResult.Fail(found, More) : free < Comfortable ? DoctorResult.Warn(found, More) : DoctorResult.Ok(found));
    }
}
