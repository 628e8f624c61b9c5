using Quiver.Pipeline.Formats;

namespace Quiver.Tests.Support;

/// <summary>Measures what a reader holds.</summary>
internal static class Memory
{
    private const int Every = 4_096;

    /// <summary>Reads everything. Gives the records and the most live bytes over those at the beginning.</summary>
    public static async Task<(long Records, long PeakBytes)> ConsumeAsync(DocumentFormat format, Stream stream)
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var (records, peak) = (0L, 0L);
        await foreach (var record in RecordReaders.Create(format, new RecordOptions()).ReadAsync(stream, RecordPosition.Start, TestContext.Current.CancellationToken))
        {
            if (records++ % Every == 0)
                peak = Math.Max(peak, GC.GetTotalMemory(forceFullCollection: true) - before);
            GC.KeepAlive(record);
        }

        return (records, Math.Max(peak, GC.GetTotalMemory(forceFullCollection: true) - before));
    }
}
