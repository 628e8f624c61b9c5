using Quiver.Client.Requests;
using Quiver.GrainInterfaces.Providers;
using Quiver.GrainInterfaces.Tenants;

namespace Quiver.Client;

/// <summary>
/// Quiver for programs: one tenant's view, in the same process as the silo or over HTTP. Thread-safe. Every method throws
/// <see cref="QuiverException"/> with a stable code for what went wrong, the same one whichever implementation is used.
/// </summary>
public interface IQuiverClient
{
    /// <summary>Whose jobs and collections this client sees.</summary>
    TenantId Tenant { get; }

    /// <summary>Submits a job; it is durable when this returns. The spec's tenant must be the client's.</summary>
    /// <param name="spec">What to do.</param>
    /// <param name="cancellationToken">Gives up waiting; the job may exist all the same.</param>
    Task<JobStatus> SubmitAsync(JobSpec spec, CancellationToken cancellationToken = default);

    /// <summary>A job as it stands.</summary>
    /// <param name="job">The job.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    Task<JobStatus> GetJobAsync(JobId job, CancellationToken cancellationToken = default);

    /// <summary>A page of jobs, newest first.</summary>
    /// <param name="request">Filter and page.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    Task<Page<JobStatus>> ListJobsAsync(JobListRequest request, CancellationToken cancellationToken = default);

    /// <summary>Pauses a running job.</summary>
    /// <param name="job">The job.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    Task<JobStatus> PauseJobAsync(JobId job, CancellationToken cancellationToken = default);

    /// <summary>Runs a paused job, or takes up an interrupted one.</summary>
    /// <param name="job">The job.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    Task<JobStatus> ResumeJobAsync(JobId job, CancellationToken cancellationToken = default);

    /// <summary>Stops a job for good.</summary>
    /// <param name="job">The job.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    Task<JobStatus> CancelJobAsync(JobId job, CancellationToken cancellationToken = default);

    /// <summary>Queues a failed job again; it continues from its checkpoint.</summary>
    /// <param name="job">The job.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    Task<JobStatus> RetryJobAsync(JobId job, CancellationToken cancellationToken = default);

    /// <summary>A job's final report, or what there is of it so far.</summary>
    /// <param name="job">The job.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    Task<JobReport> GetReportAsync(JobId job, CancellationToken cancellationToken = default);

    /// <summary>A page of a job's failed documents by ordinal.</summary>
    /// <param name="job">The job.</param>
    /// <param name="after">The page before's <see cref="Page{T}.Next"/>; null for the first.</param>
    /// <param name="limit">1 to 1,000.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    Task<Page<FailedDocument>> ListFailuresAsync(JobId job, string? after = null, int limit = 100, CancellationToken cancellationToken = default);

    /// <summary>Writes the job's report and failed documents as artifacts, replacing those of an earlier export.</summary>
    /// <param name="job">The job.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>Links to all artifacts of the job.</returns>
    Task<JobExport> ExportJobAsync(JobId job, CancellationToken cancellationToken = default);

    /// <summary>
    /// A job's events after a sequence number, first those that are kept, then live, until the job is final. Survives a dropped
    /// connection: it goes on after the last event that it yielded, none twice. Ends after the event that made the job final.
    /// </summary>
    /// <param name="job">The job.</param>
    /// <param name="afterSequence">0 for all.</param>
    /// <param name="cancellationToken">Ends the enumeration; the job goes on.</param>
    IAsyncEnumerable<JobEvent> WatchJobAsync(JobId job, long afterSequence = 0, CancellationToken cancellationToken = default);

    /// <summary>A page of collections by name, with the counts that the ledger has: points are the chunks of its stored documents.</summary>
    /// <param name="after">The page before's <see cref="Page{T}.Next"/>; null for the first.</param>
    /// <param name="limit">1 to 1,000.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    Task<Page<CollectionInfo>> ListCollectionsAsync(string? after = null, int limit = 100, CancellationToken cancellationToken = default);

    /// <summary>A collection with its counts.</summary>
    /// <param name="collection">The collection.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    Task<CollectionInfo> GetCollectionAsync(CollectionName collection, CancellationToken cancellationToken = default);

    /// <summary>Creates a collection; one that exists must have these settings already.</summary>
    /// <param name="collection">The collection.</param>
    /// <param name="settings">What is wanted; null members are left to the default, and not compared when it exists.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    Task<CollectionInfo> CreateCollectionAsync(CollectionName collection, CollectionSettings settings, CancellationToken cancellationToken = default);

    /// <summary>Changes settings of a collection; what the store has not made yet is <see cref="CollectionInfo.Pending"/> in the answer, and holds later.</summary>
    /// <param name="collection">The collection.</param>
    /// <param name="changes">What changes; null members stay as they are.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    Task<CollectionInfo> ChangeCollectionAsync(CollectionName collection, CollectionSettings changes, CancellationToken cancellationToken = default);

    /// <summary>Deletes a collection with its points.</summary>
    /// <param name="collection">The collection.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    Task DeleteCollectionAsync(CollectionName collection, CancellationToken cancellationToken = default);

    /// <summary>All points of a collection by id.</summary>
    /// <param name="collection">The collection.</param>
    /// <param name="cancellationToken">Ends the enumeration.</param>
    IAsyncEnumerable<ExportedPoint> ExportAsync(CollectionName collection, CancellationToken cancellationToken = default);

    /// <summary>Compares the ledger with the vector store.</summary>
    /// <param name="collection">The collection.</param>
    /// <param name="repair">Whether to mend the difference.</param>
    /// <param name="cancellationToken">Stops between pages.</param>
    /// <returns>The sum over all pages.</returns>
    Task<VerifyReport> VerifyAsync(CollectionName collection, bool repair, CancellationToken cancellationToken = default);

    /// <summary>The chunks nearest to a text, best first.</summary>
    /// <param name="collection">The collection.</param>
    /// <param name="request">The question.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    Task<ImmutableArray<SearchHit>> SearchAsync(CollectionName collection, SearchRequest request, CancellationToken cancellationToken = default);

    /// <summary>
    /// What a collection holds: the values of a field that most points have, with their numbers, most points first, then by value. Exact;
    /// points without the field do not count. Qdrant counts only by fields that it has an index for.
    /// </summary>
    /// <param name="collection">The collection.</param>
    /// <param name="request">The field, and which points count.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    Task<ImmutableArray<FacetValue>> FacetAsync(CollectionName collection, FacetRequest request, CancellationToken cancellationToken = default);

    /// <summary>The embedding providers by name, without asking them anything.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    Task<ImmutableArray<ProviderInfo>> ListProvidersAsync(CancellationToken cancellationToken = default);

    /// <summary>Makes one real embedding call to a provider, and a second one where search queries are sent otherwise than documents; they may cost a few tokens.</summary>
    /// <param name="provider">The provider's name.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    Task<ProviderTest> TestProviderAsync(string provider, CancellationToken cancellationToken = default);

    /// <summary>What the tenant's jobs used of embedding models.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    Task<TenantUsage> GetUsageAsync(CancellationToken cancellationToken = default);
}
