namespace Quiver.GrainInterfaces.Tenants;

/// <summary>Reads a tenant's part of the ledger; stateless. Key: the tenant, so no query can reach another tenant's rows.</summary>
[Alias("quiver.ITenantQueryGrain")]
public interface ITenantQueryGrain : IGrainWithStringKey
{
    /// <summary>Returns a page of jobs, newest first, as last persisted.</summary>
    [Alias("ListJobs")]
    Task<Page<JobStatus>> ListJobsAsync(JobListRequest request, CancellationToken cancellationToken = default);

    /// <summary>Returns events after a sequence number, oldest first, at most <paramref name="limit"/>.</summary>
    /// <param name="job">The job.</param>
    /// <param name="afterSequence">0 for all that are kept.</param>
    /// <param name="limit">1 to 1,000.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    [Alias("ReadEvents")]
    Task<ImmutableArray<JobEvent>> ReadEventsAsync(JobId job, long afterSequence, int limit, CancellationToken cancellationToken = default);

    /// <summary>Returns a page of failed documents, ordered by ordinal.</summary>
    /// <param name="job">The job.</param>
    /// <param name="after">The page before's <see cref="Page{T}.Next"/>.</param>
    /// <param name="limit">1 to 1,000.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    [Alias("ListFailures")]
    Task<Page<FailedDocument>> ListFailuresAsync(JobId job, string? after, int limit, CancellationToken cancellationToken = default);

    /// <summary>Returns a job's report.</summary>
    /// <exception cref="NotFoundException">With <see cref="ErrorCodes.UnknownJob"/>.</exception>
    [Alias("GetReport")]
    Task<JobReport> GetReportAsync(JobId job, CancellationToken cancellationToken = default);

    /// <summary>Returns a page of the tenant's collections by name, with the ledger's counts: points are the chunks of stored documents.</summary>
    /// <param name="after">The page before's <see cref="Page{T}.Next"/>.</param>
    /// <param name="limit">1 to 1,000.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    [Alias("ListCollections")]
    Task<Page<CollectionInfo>> ListCollectionsAsync(string? after, int limit, CancellationToken cancellationToken = default);

    /// <summary>Returns the embedding model usage of the tenant's jobs.</summary>
    [Alias("GetUsage")]
    Task<TenantUsage> GetUsageAsync(CancellationToken cancellationToken = default);
}

/// <summary>Embedding model usage of a tenant's jobs, over all jobs that the ledger keeps, without dry runs.</summary>
[GenerateSerializer, Immutable, Alias("quiver.tenant-usage.v1")]
public sealed record TenantUsage
{
    /// <summary>Jobs added up.</summary>
    [Id(0)] public long Jobs { get; init; }

    /// <summary>Requests answered by models and providers.</summary>
    [Id(1)] public long EmbeddingCalls { get; init; }

    /// <summary>Texts sent.</summary>
    [Id(2)] public long EmbeddedTexts { get; init; }

    /// <summary>Tokens computed, as the providers count them.</summary>
    [Id(3)] public long EmbeddedTokens { get; init; }

    /// <summary>Texts answered by the cache.</summary>
    [Id(4)] public long CacheHits { get; init; }

    /// <summary>Cost of the tokens, in the currency of the prices.</summary>
    [Id(5)] public decimal Cost { get; init; }
}
