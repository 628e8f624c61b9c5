using Orleans.Concurrency;
using Quiver.GrainInterfaces.Workers;

namespace Quiver.Grains.Workers;

/// <summary>Takes one batch of documents.</summary>
[StatelessWorker(MaxLocal)]
internal sealed class EmbeddingWorkerGrain(BatchScheduler batches) : Grain, IEmbeddingWorkerGrain
{
    private const int MaxLocal = 64;

    public Task<BatchResult> ProcessAsync(BatchRequest request, CancellationToken cancellationToken = default) => batches.RunAsync(request, cancellationToken);
}
