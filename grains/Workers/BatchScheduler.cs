using Quiver.Core.Documents;
using Quiver.GrainInterfaces.Workers;

namespace Quiver.Grains.Workers;

/// <summary>Runs batches away from the grains' schedulers, on as many threads at a time as there are processors. One per silo.</summary>
internal sealed class BatchScheduler(BatchProcessors processors)
{
    private readonly TaskScheduler _scheduler =
        new ConcurrentExclusiveSchedulerPair(TaskScheduler.Default, Environment.ProcessorCount).ConcurrentScheduler;

    /// <summary>Processes a batch.</summary>
    public Task<BatchResult> RunAsync(BatchRequest request, CancellationToken cancellationToken) =>
        Task.Factory.StartNew(
            () => processors.For(request).ProcessAsync(request, cancellationToken),
            cancellationToken,
            TaskCreationOptions.DenyChildAttach,
            _scheduler).Unwrap();
}
