namespace Quiver.Core.Ledger;

/// <summary>Stores jobs with their summaries, events and failed documents, and the list of collections; all by tenant.</summary>
public interface IJobLedger
{
    /// <summary>
    /// Saves a job's summary. It replaces the stored one unless that has a later event (<see cref="JobStatus.LastEventSequence"/>) of the
    /// same job (<see cref="JobStatus.CreatedAt"/>): a delayed writer must not restore an outdated summary.
    /// </summary>
    /// <param name="status">The job's status; <see cref="JobStatus.Active"/> is not stored.</param>
    /// <param name="cancellationToken">Stops the request.</param>
    Task SaveJobAsync(JobStatus status, CancellationToken cancellationToken = default);

    /// <summary>Returns a job's summary, or null.</summary>
    Task<JobStatus?> FindJobAsync(JobKey key, CancellationToken cancellationToken = default);

    /// <summary>Returns a page of a tenant's jobs, newest first.</summary>
    Task<Page<JobStatus>> ListJobsAsync(TenantId tenant, JobListRequest request, CancellationToken cancellationToken = default);

    /// <summary>Returns jobs of all tenants that are queued or running, oldest first: those that a starting silo wakes.</summary>
    /// <param name="after">The last key of the previous page; null for the first.</param>
    /// <param name="limit">1 to 1,000.</param>
    /// <param name="cancellationToken">Stops the request.</param>
    Task<IReadOnlyList<JobKey>> ListJobsToWakeAsync(JobKey? after, int limit, CancellationToken cancellationToken = default);

    /// <summary>
    /// Appends events; beyond the ledger's limit per job (default 10,000) the oldest are dropped. Events with an existing sequence number
    /// are ignored.
    /// </summary>
    /// <param name="key">The job.</param>
    /// <param name="events">By sequence number; at most 1,000.</param>
    /// <param name="cancellationToken">Stops the request.</param>
    Task AppendEventsAsync(JobKey key, IReadOnlyList<JobEvent> events, CancellationToken cancellationToken = default);

    /// <summary>Returns events after a sequence number, oldest first.</summary>
    /// <param name="key">The job.</param>
    /// <param name="afterSequence">0 for all that are kept.</param>
    /// <param name="limit">1 to 1,000.</param>
    /// <param name="cancellationToken">Stops the request.</param>
    Task<IReadOnlyList<JobEvent>> ReadEventsAsync(JobKey key, long afterSequence, int limit, CancellationToken cancellationToken = default);

    /// <summary>
    /// Saves failed documents; an existing ordinal is replaced. Documents beyond the limit per job (default 100,000) are not stored.
    /// </summary>
    /// <param name="key">The job.</param>
    /// <param name="failures">At most 1,000.</param>
    /// <param name="cancellationToken">Stops the request.</param>
    Task SaveFailuresAsync(JobKey key, IReadOnlyList<FailedDocument> failures, CancellationToken cancellationToken = default);

    /// <summary>Deletes a job's failed documents from an ordinal on, in bounded steps, because they are about to be retried.</summary>
    Task DeleteFailuresAsync(JobKey key, long fromOrdinal, CancellationToken cancellationToken = default);

    /// <summary>Returns a page of failed documents, ordered by ordinal.</summary>
    /// <param name="key">The job.</param>
    /// <param name="after">The previous page's <see cref="Page{T}.Next"/>; null for the first.</param>
    /// <param name="limit">1 to 1,000.</param>
    /// <param name="cancellationToken">Stops the request.</param>
    Task<Page<FailedDocument>> ListFailuresAsync(JobKey key, string? after, int limit, CancellationToken cancellationToken = default);

    /// <summary>
    /// Returns jobs of all tenants whose retention is over: they ended, and either ended too long ago or are beyond the number to keep.
    /// </summary>
    /// <param name="keep">The number of ended jobs to keep per tenant, at least 1; the newest are kept.</param>
    /// <param name="endedBefore">Jobs that ended before are not kept.</param>
    /// <param name="limit">1 to 1,000.</param>
    /// <param name="cancellationToken">Stops the request.</param>
    Task<IReadOnlyList<JobKey>> ListExpiredJobsAsync(int keep, DateTimeOffset endedBefore, int limit, CancellationToken cancellationToken = default);

    /// <summary>Deletes a job with its events and failed documents, in bounded steps and the job itself last.</summary>
    Task DeleteJobAsync(JobKey key, CancellationToken cancellationToken = default);

    /// <summary>Saves a collection to the tenant's list, without counts.</summary>
    Task SaveCollectionAsync(TenantId tenant, CollectionInfo collection, CancellationToken cancellationToken = default);

    /// <summary>Removes a collection from the list.</summary>
    Task DeleteCollectionAsync(CollectionKey key, CancellationToken cancellationToken = default);

    /// <summary>Returns a page of a tenant's collections by name, without counts.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="after">The previous page's <see cref="Page{T}.Next"/>; null for the first.</param>
    /// <param name="limit">1 to 1,000.</param>
    /// <param name="cancellationToken">Stops the request.</param>
    Task<Page<CollectionInfo>> ListCollectionsAsync(TenantId tenant, string? after, int limit, CancellationToken cancellationToken = default);
}
