using Quiver.Core.Documents;
using Quiver.GrainInterfaces.Workers;

namespace Quiver.Grains.Workers;

/// <summary>Runs batches outside the grains' schedulers, on up to one thread per processor. One per silo.</summary>
internal sealed class BatchScheduler(BatchProcessors processors)
{
    private readonly TaskScheduler _scheduler =
        new ConcurrentExclusiveSchedulerPair(TaskScheduler.Default, Environment.ProcessorCount).ConcurrentScheduler;

    /// <summary>Processes a batch.</summary>
    public Task<BatchResult> RunAsync(BatchRequest request, CancellationToken cancellationToken) =>
        RunAsync(() => processors.For(request).ProcessAsync(request, cancellationToken), cancellationToken);

    /// <summary>Runs other work that takes a processor.</summary>
    public Task<T> RunAsync<T>(Func<Task<T>> work, CancellationToken cancellationToken) =>
        Task.Factory.StartNew(work, cancellationToken, TaskCreationOptions.DenyChildAttach, _scheduler).Unwrap();
}
