using System.Runtime.CompilerServices;
using Quiver.Core.Jobs;
using Quiver.Core.Resilience;
using Quiver.Core.Sources;

namespace Quiver.Tests.Support;

/// <summary>Reading a source as a job does: after a transient fault it continues behind the last record.</summary>
internal static class JobReading
{
    public static async IAsyncEnumerable<SourceRecord> ReadAsJobAsync(
        this IDocumentSource source, SourceCursor from, int maxAttempts, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var schedule = new RetrySchedule(TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(200), new Random(1));
        var attempts = new JobRetry(schedule, maxAttempts, TimeSpan.FromMinutes(1), TimeProvider.System).Start();
        var reader = new SourceReader(source, new Batcher(1, int.MaxValue), attempts, TimeProvider.System);
        var reading = reader.RunAsync(from, stop.Token);
        try
        {
            await foreach (var batch in reader.Batches.ReadAllAsync(cancellationToken))
            {
                yield return new SourceRecord(batch.Documents[0], batch.Next);
            }
        }
        finally
        {
            await stop.CancelAsync();
            await reading;
        }
    }
}
