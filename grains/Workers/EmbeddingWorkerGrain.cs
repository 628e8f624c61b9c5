using Orleans.Concurrency;
using Quiver.GrainInterfaces.Workers;
using Quiver.Pipeline.Embedding.Metering;

namespace Quiver.Grains.Workers;

/// <summary>Takes one batch of documents.</summary>
[StatelessWorker(MaxLocal)]
internal sealed class EmbeddingWorkerGrain(BatchScheduler batches, UsageMeters meters) : Grain, IEmbeddingWorkerGrain
{
    // The most that a job may have in flight is 64; with a remote model, batches that are stored come beside those at the model, twice as many.
    private const int MaxLocal = 256;

    public Task<BatchResult> ProcessAsync(BatchRequest request, CancellationToken cancellationToken = default) => batches.RunAsync(request, cancellationToken);

    public Task<UsageReading> ReadUsageAsync(JobKey job, CancellationToken cancellationToken = default) => Task.FromResult(meters.Read(job));
}
