namespace Quiver.GrainInterfaces.Tenants;

/// <summary>Reads a tenant's part of the ledger; stateless. Key: the tenant, so that no question can reach another's rows.</summary>
[Alias("quiver.ITenantQueryGrain")]
public interface ITenantQueryGrain : IGrainWithStringKey
{
    /// <summary>A page of jobs, newest first, as last persisted.</summary>
    /// <param name="request">Filter and page.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    [Alias("ListJobs")]
    Task<Page<JobStatus>> ListJobsAsync(JobListRequest request, CancellationToken cancellationToken = default);

    /// <summary>Events after a sequence number, oldest first, at most <paramref name="limit"/>.</summary>
    /// <param name="job">The job.</param>
    /// <param name="afterSequence">0 for all that are kept.</param>
    /// <param name="limit">1 to 1,000.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    [Alias("ReadEvents")]
    Task<ImmutableArray<JobEvent>> ReadEventsAsync(JobId job, long afterSequence, int limit, CancellationToken cancellationToken = default);

    /// <summary>A page of failed documents by ordinal.</summary>
    /// <param name="job">The job.</param>
    /// <param name="after">The page before's <see cref="Page{T}.Next"/>.</param>
    /// <param name="limit">1 to 1,000.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    [Alias("ListFailures")]
    Task<Page<FailedDocument>> ListFailuresAsync(JobId job, string? after, int limit, CancellationToken cancellationToken = default);

    /// <summary>A job's report.</summary>
    /// <param name="job">The job.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="NotFoundException">With <see cref="ErrorCodes.UnknownJob"/>.</exception>
    [Alias("GetReport")]
    Task<JobReport> GetReportAsync(JobId job, CancellationToken cancellationToken = default);

    /// <summary>The tenant's collections by name, with the counts that the ledger has: points are the chunks of its stored documents.</summary>
    /// <param name="after">The page before's <see cref="Page{T}.Next"/>.</param>
    /// <param name="limit">1 to 1,000.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    [Alias("ListCollections")]
    Task<Page<CollectionInfo>> ListCollectionsAsync(string? after, int limit, CancellationToken cancellationToken = default);

    /// <summary>What the tenant's jobs used of embedding models.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    [Alias("GetUsage")]
    Task<TenantUsage> GetUsageAsync(CancellationToken cancellationToken = default);
}
