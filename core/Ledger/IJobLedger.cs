namespace Quiver.Core.Ledger;

/// <summary>Jobs with their summaries, events and failed documents, and the list of collections. All of it by tenant.</summary>
public interface IJobLedger
{
    /// <summary>
    /// Keeps a job's summary, replacing the one before, unless that tells of a later event (<see cref="JobStatus.LastEventSequence"/>) of the
    /// same job (<see cref="JobStatus.CreatedAt"/>): whoever was held up must not bring back what has passed.
    /// </summary>
    /// <param name="status">The job as it stands; <see cref="JobStatus.Active"/> is not kept.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task SaveJobAsync(JobStatus status, CancellationToken cancellationToken = default);

    /// <summary>A job's summary, or null.</summary>
    Task<JobStatus?> FindJobAsync(JobKey key, CancellationToken cancellationToken = default);

    /// <summary>A page of a tenant's jobs, newest first.</summary>
    Task<Page<JobStatus>> ListJobsAsync(TenantId tenant, JobListRequest request, CancellationToken cancellationToken = default);

    /// <summary>Jobs of all tenants that are queued or running, oldest first: what a starting silo wakes.</summary>
    /// <param name="after">The last of the page before; null for the first.</param>
    /// <param name="limit">1 to 1,000.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<IReadOnlyList<JobKey>> ListUnfinishedJobsAsync(JobKey? after, int limit, CancellationToken cancellationToken = default);

    /// <summary>Appends events; beyond the ledger's cap per job (default 10,000) the oldest are dropped. A sequence number that is there already stays as it is.</summary>
    /// <param name="key">The job.</param>
    /// <param name="events">By sequence number; at most 1,000.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task AppendEventsAsync(JobKey key, IReadOnlyList<JobEvent> events, CancellationToken cancellationToken = default);

    /// <summary>Events after a sequence number, oldest first.</summary>
    /// <param name="key">The job.</param>
    /// <param name="afterSequence">0 for all that are kept.</param>
    /// <param name="limit">1 to 1,000.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<IReadOnlyList<JobEvent>> ReadEventsAsync(JobKey key, long afterSequence, int limit, CancellationToken cancellationToken = default);

    /// <summary>Keeps failed documents; the same ordinal again replaces. Beyond the cap per job (default 100,000) further ones are only counted by the job.</summary>
    /// <param name="key">The job.</param>
    /// <param name="failures">At most 1,000.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task SaveFailuresAsync(JobKey key, IReadOnlyList<FailedDocument> failures, CancellationToken cancellationToken = default);

    /// <summary>Forgets a job's failed documents from an ordinal on, in bounded steps: they are about to be tried again.</summary>
    Task DeleteFailuresAsync(JobKey key, long fromOrdinal, CancellationToken cancellationToken = default);

    /// <summary>A page of failed documents by ordinal.</summary>
    /// <param name="key">The job.</param>
    /// <param name="after">The page before's <see cref="Page{T}.Next"/>.</param>
    /// <param name="limit">1 to 1,000.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<Page<FailedDocument>> ListFailuresAsync(JobKey key, string? after, int limit, CancellationToken cancellationToken = default);

    /// <summary>Jobs of all tenants whose time is over: ended, and beyond so many newer ones of their tenant that ended too, or ended too long ago.</summary>
    /// <param name="keep">Jobs of a tenant to keep, at least 1.</param>
    /// <param name="endedBefore">Jobs that ended earlier are not kept.</param>
    /// <param name="limit">1 to 1,000.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<IReadOnlyList<JobKey>> ListExpiredJobsAsync(int keep, DateTimeOffset endedBefore, int limit, CancellationToken cancellationToken = default);

    /// <summary>Forgets a job with its events and failed documents, in bounded steps and the job itself last.</summary>
    Task DeleteJobAsync(JobKey key, CancellationToken cancellationToken = default);

    /// <summary>Keeps a collection in the tenant's list; counts are not kept.</summary>
    Task SaveCollectionAsync(TenantId tenant, CollectionInfo collection, CancellationToken cancellationToken = default);

    /// <summary>Takes a collection off the list.</summary>
    Task DeleteCollectionAsync(CollectionKey key, CancellationToken cancellationToken = default);

    /// <summary>A page of a tenant's collections by name, without counts.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="after">The page before's <see cref="Page{T}.Next"/>.</param>
    /// <param name="limit">1 to 1,000.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<Page<CollectionInfo>> ListCollectionsAsync(TenantId tenant, string? after, int limit, CancellationToken cancellationToken = default);
}
