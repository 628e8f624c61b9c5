using Orleans.Concurrency;

namespace Quiver.GrainInterfaces.Workers;

/// <summary>
/// Processes one batch of documents at a time: chunk, embed, upsert, record. Stateless; a job has as many workers as it has batches in flight.
/// Key: <c>tenant/job/slot</c>. Slots are numbered from 0, so that a runtime can spread a job's slots evenly over its silos.
/// </summary>
[Alias("quiver.IEmbeddingWorkerGrain")]
public interface IEmbeddingWorkerGrain : IGrainWithStringKey
{
    /// <summary>Processes a batch. Safe to repeat.</summary>
    /// <param name="request">The batch.</param>
    /// <param name="cancellationToken">Also stops the embedding call and the wait for a write in flight, which may still be stored.</param>
    /// <exception cref="TransientException">The whole batch may be retried.</exception>
    /// <exception cref="ThrottledException">The whole batch may be retried after a wait.</exception>
    /// <exception cref="PermanentException">The job cannot continue.</exception>
    /// <remarks>The response timeout is longer than the timeouts of stores and providers.</remarks>
    [Alias("Process"), ResponseTimeout("00:05:00")]
    Task<BatchResult> ProcessAsync(BatchRequest request, CancellationToken cancellationToken = default);

    /// <summary>Returns what a job has used of its model on this silo, failed attempts and late answers included.</summary>
    [Alias("ReadUsage"), AlwaysInterleave]
    Task<UsageReading> ReadUsageAsync(JobKey job, CancellationToken cancellationToken = default);
}
