using Orleans.Concurrency;

namespace Quiver.GrainInterfaces.Workers;

/// <summary>
/// Takes one batch of documents at a time: chunk, embed, upsert, account. Holds nothing; a job has as many as it has batches under way. The key
/// is <c>tenant/job/slot</c>: slots are numbered from 0, so that a runtime can spread a job's slots evenly over its silos.
/// </summary>
[Alias("quiver.IEmbeddingWorkerGrain")]
public interface IEmbeddingWorkerGrain : IGrainWithStringKey
{
    /// <summary>Processes a batch. Repeating a call is harmless.</summary>
    /// <param name="request">The batch.</param>
    /// <param name="cancellationToken">Stops between units; what is stored by then stays.</param>
    /// <exception cref="TransientException">The whole batch may be tried again.</exception>
    /// <exception cref="ThrottledException">The whole batch is to be tried again after a wait.</exception>
    /// <exception cref="PermanentException">The job cannot go on.</exception>
    /// <remarks>The timeout leaves room for slow stores and providers, whose own timeouts are shorter.</remarks>
    [Alias("Process"), ResponseTimeout("00:05:00")]
    Task<BatchResult> ProcessAsync(BatchRequest request, CancellationToken cancellationToken = default);

    /// <summary>What a job has used of its model at this silo, failed attempts and late answers included.</summary>
    /// <param name="job">The job.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    [Alias("ReadUsage"), AlwaysInterleave]
    Task<UsageReading> ReadUsageAsync(JobKey job, CancellationToken cancellationToken = default);
}
