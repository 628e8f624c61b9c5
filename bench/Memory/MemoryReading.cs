using System.Globalization;
using Quiver.Bench.Measuring;

namespace Quiver.Bench.Memory;

/// <summary>What a probe said.</summary>
/// <param name="Peak">Its largest resident set in bytes.</param>
/// <param name="Documents">Documents ingested.</param>
/// <param name="Points">Points written.</param>
/// <param name="Seconds">The job's time.</param>
/// <param name="FileAtEnd">Resident bytes of mapped files at its end.</param>
/// <param name="OwnAtEnd">Resident bytes of its own at its end.</param>
internal sealed record MemoryReading(long Peak, long FileAtEnd, long OwnAtEnd, long Documents, long Points, double Seconds)
{
    /// <summary>Lets a process of its own ingest a file.</summary>
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
