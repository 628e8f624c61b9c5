using Quiver.Core.Embedding.Metering;
using Quiver.GrainInterfaces.Workers;

namespace Quiver.Grains.Workers;

/// <summary>
/// Processes one batch of documents at a time. Not a stateless worker: those run on their caller's silo, so the job's silo would embed
/// all its batches.
/// </summary>
internal sealed class EmbeddingWorkerGrain(BatchScheduler batches, UsageMeters meters, TimeProvider time) : Grain, IEmbeddingWorkerGrain
{
    // Workers of a long job deactivate now and then, so a new silo gets its share.
    private static readonly TimeSpan MaxAge = TimeSpan.FromMinutes(1);

    private readonly long _since = time.GetTimestamp();

    public async Task<BatchResult> ProcessAsync(BatchRequest request, CancellationToken cancellationToken = default)
    {
        try
        {
            return await batches.RunAsync(request, cancellationToken);
        }
        finally
        {
            if (time.GetElapsedTime(_since) > MaxAge)
            {
                DeactivateOnIdle();
            }
        }
    }

    public Task<UsageReading> ReadUsageAsync(JobKey job, CancellationToken cancellationToken = default) => Task.FromResult(meters.Read(job));
}
