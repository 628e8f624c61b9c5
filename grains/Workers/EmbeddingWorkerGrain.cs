using Quiver.Core.Embedding.Metering;
using Quiver.GrainInterfaces.Workers;

namespace Quiver.Grains.Workers;

/// <summary>
/// Takes one batch of documents at a time. Not a stateless worker: those run where their caller is, and all batches of a job would be embedded
/// by the silo that the job is on.
/// </summary>
internal sealed class EmbeddingWorkerGrain(BatchScheduler batches, UsageMeters meters, TimeProvider time) : Grain, IEmbeddingWorkerGrain
{
    // A long job's workers make room for others now and then, so that a silo that joined gets its share.
    private static readonly TimeSpan Term = TimeSpan.FromMinutes(1);

    private readonly long _since = time.GetTimestamp();

    public async Task<BatchResult> ProcessAsync(BatchRequest request, CancellationToken cancellationToken = default)
    {
        try
        {
            return await batches.RunAsync(request, cancellationToken);
        }
        finally
        {
            if (time.GetElapsedTime(_since) > Term)
            {
                DeactivateOnIdle();
            }
        }
    }

    public Task<UsageReading> ReadUsageAsync(JobKey job, CancellationToken cancellationToken = default) => Task.FromResult(meters.Read(job));
}
