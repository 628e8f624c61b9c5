using Quiver.Client.Requests;
using Quiver.GrainInterfaces.Providers;
using Quiver.GrainInterfaces.Tenants;

namespace Quiver.Client;

/// <summary>
/// The client of one tenant, in the silo's process, over Orleans or over HTTP. Thread-safe. Every method throws <see cref="QuiverException"/> with a stable
/// code, the same for all implementations. Cancelling a call stops waiting for its result; the call itself may still take effect.
/// </summary>
public interface IQuiverClient
{
    /// <summary>The tenant whose jobs and collections this client accesses.</summary>
    TenantId Tenant { get; }

    /// <summary>Submits a job; the job is durable when the call returns.</summary>
    /// <param name="spec">The job; its tenant must be <see cref="Tenant"/>.</param>
    /// <param name="cancellationToken">Stops waiting; the job may have been created.</param>
    /// <exception cref="InvalidRequestException">
    /// With <see cref="ErrorCodes.IdempotencyTokenReused"/>: the token belongs to a job with another spec. Also with other codes.
    /// </exception>
    Task<JobStatus> SubmitAsync(JobSpec spec, CancellationToken cancellationToken = default);

    /// <summary>Reads the status of a job.</summary>
    /// <param name="job">The job.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task<JobStatus> GetJobAsync(JobId job, CancellationToken cancellationToken = default);

    /// <summary>Lists a page of jobs, newest first.</summary>
    /// <param name="request">Filter, page size and cursor.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task<Page<JobStatus>> ListJobsAsync(JobListRequest request, CancellationToken cancellationToken = default);

    /// <summary>Pauses a running job.</summary>
    /// <param name="job">The job.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task<JobStatus> PauseJobAsync(JobId job, CancellationToken cancellationToken = default);

    /// <summary>Resumes a paused or interrupted job.</summary>
    /// <param name="job">The job.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task<JobStatus> ResumeJobAsync(JobId job, CancellationToken cancellationToken = default);

    /// <summary>Cancels a job; it cannot be resumed.</summary>
    /// <param name="job">The job.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task<JobStatus> CancelJobAsync(JobId job, CancellationToken cancellationToken = default);

    /// <summary>
    /// Queues a failed job again. It continues from its checkpoint, or reads its source again when the source had ended or its documents were the reason.
    /// </summary>
    /// <param name="job">The job.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task<JobStatus> RetryJobAsync(JobId job, CancellationToken cancellationToken = default);

    /// <summary>Reads the report of a job; a partial one before the job is final.</summary>
    /// <param name="job">The job.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task<JobReport> GetReportAsync(JobId job, CancellationToken cancellationToken = default);

    /// <summary>Lists a page of a job's failed documents, by ordinal.</summary>
    /// <param name="job">The job.</param>
    /// <param name="after">The <see cref="Page{T}.Next"/> of the previous page; null for the first page.</param>
    /// <param name="limit">The page size, 1 to 1,000.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task<Page<FailedDocument>> ListFailuresAsync(JobId job, string? after = null, int limit = 100, CancellationToken cancellationToken = default);

    /// <summary>Writes the job's report and failed documents as artifacts, replacing an earlier export.</summary>
    /// <param name="job">The job.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>Links to all artifacts of the job.</returns>
    Task<JobExport> ExportJobAsync(JobId job, CancellationToken cancellationToken = default);

    /// <summary>
    /// Streams a job's events after a sequence number, first the stored ones, then live. Yields each event once, reconnects after a lost connection, and
    /// ends after the event that makes the job final.
    /// </summary>
    /// <param name="job">The job.</param>
    /// <param name="afterSequence">The last sequence number already seen; 0 for all events.</param>
    /// <param name="cancellationToken">Ends the stream; the job is unaffected.</param>
    IAsyncEnumerable<JobEvent> WatchJobAsync(JobId job, long afterSequence = 0, CancellationToken cancellationToken = default);

    /// <summary>Lists a page of collections by name, with the counts of the ledger: points are the chunks of stored documents.</summary>
    /// <param name="after">The <see cref="Page{T}.Next"/> of the previous page; null for the first page.</param>
    /// <param name="limit">The page size, 1 to 1,000.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task<Page<CollectionInfo>> ListCollectionsAsync(string? after = null, int limit = 100, CancellationToken cancellationToken = default);

    /// <summary>Reads a collection with its counts.</summary>
    /// <param name="collection">The collection.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task<CollectionInfo> GetCollectionAsync(CollectionName collection, CancellationToken cancellationToken = default);

    /// <summary>Creates a collection; an existing one must already have these settings.</summary>
    /// <param name="collection">The collection.</param>
    /// <param name="settings">The settings; null members get their default, and are not compared with an existing collection.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task<CollectionInfo> CreateCollectionAsync(CollectionName collection, CollectionSettings settings, CancellationToken cancellationToken = default);

    /// <summary>Changes settings of a collection; changes that the store has not applied yet are in <see cref="CollectionInfo.Pending"/>.</summary>
    /// <param name="collection">The collection.</param>
    /// <param name="changes">The changes; null members stay unchanged.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task<CollectionInfo> ChangeCollectionAsync(CollectionName collection, CollectionSettings changes, CancellationToken cancellationToken = default);

    /// <summary>
    /// Forgets by which vector the collection's remote model is recognized: the next job compares the model with chunks that are stored, fails with
    /// <see cref="ErrorCodes.ModelMismatch"/> when it is another one, and otherwise stores a new vector. Changes no points.
    /// </summary>
    /// <param name="collection">The collection.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task<CollectionInfo> ResetModelCheckAsync(CollectionName collection, CancellationToken cancellationToken = default);

    /// <summary>Deletes a collection with its points.</summary>
    /// <param name="collection">The collection.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task DeleteCollectionAsync(CollectionName collection, CancellationToken cancellationToken = default);

    /// <summary>Streams all points of a collection, by id.</summary>
    /// <param name="collection">The collection.</param>
    /// <param name="cancellationToken">Ends the stream.</param>
    IAsyncEnumerable<ExportedPoint> ExportAsync(CollectionName collection, CancellationToken cancellationToken = default);

    /// <summary>Lists a page of a document's stored chunks, by number.</summary>
    /// <param name="collection">The collection.</param>
    /// <param name="document">The document's id.</param>
    /// <param name="after">The <see cref="Page{T}.Next"/> of the previous page; null for the first page.</param>
    /// <param name="limit">The page size, 1 to 1,000.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task<Page<DocumentChunk>> ListChunksAsync(
        CollectionName collection, string document, string? after = null, int limit = 100, CancellationToken cancellationToken = default);

    /// <summary>Cuts a file into chunks as a job would, and stores nothing.</summary>
    /// <param name="request">The file, and how to cut it.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task<ChunkPreview> PreviewChunksAsync(ChunkPreviewRequest request, CancellationToken cancellationToken = default);

    /// <summary>Compares the ledger with the vector store.</summary>
    /// <param name="collection">The collection.</param>
    /// <param name="repair">Whether to repair differences.</param>
    /// <param name="cancellationToken">Stops between pages.</param>
    /// <returns>The sum over all pages.</returns>
    Task<VerifyReport> VerifyAsync(CollectionName collection, bool repair, CancellationToken cancellationToken = default);

    /// <summary>Finds the chunks that fit a text best, best first; the answer says in which mode.</summary>
    /// <param name="collection">The collection.</param>
    /// <param name="request">Query, limit, filter and mode.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task<SearchResult> SearchAsync(CollectionName collection, SearchRequest request, CancellationToken cancellationToken = default);

    /// <summary>
    /// Counts points by the values of a field, highest count first, then by value. Counts are exact; points without the field are not counted. Qdrant
    /// needs a payload index on the field.
    /// </summary>
    /// <param name="collection">The collection.</param>
    /// <param name="request">Field, limit and filter.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task<ImmutableArray<FacetValue>> FacetAsync(CollectionName collection, FacetRequest request, CancellationToken cancellationToken = default);

    /// <summary>Lists the embedding providers by name, without calling them.</summary>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task<ImmutableArray<ProviderInfo>> ListProvidersAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Makes one real embedding call to a provider, and a second one where queries are sent differently from documents. The calls may cost a few tokens.
    /// </summary>
    /// <param name="provider">The provider's name.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task<ProviderTest> TestProviderAsync(string provider, CancellationToken cancellationToken = default);

    /// <summary>Reads the tenant's usage of embedding models, over all jobs in the ledger.</summary>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task<TenantUsage> GetUsageAsync(CancellationToken cancellationToken = default);
}

/// <summary>Creates the clients of tenants. Thread-safe.</summary>
public interface IQuiverClientFactory
{
    /// <summary>Creates a tenant's client; cheap, sends nothing, and the client needs no disposal.</summary>
    /// <param name="tenant">The tenant whose jobs and collections the client accesses.</param>
    IQuiverClient Create(TenantId tenant);
}

/// <summary>Writes the artifacts of a job; implemented by the host. Thread-safe.</summary>
public interface IJobExporter
{
    /// <summary>Writes the job's report and failed documents as artifacts, replacing an earlier export.</summary>
    /// <param name="client">The client of the job's tenant.</param>
    /// <param name="job">The job.</param>
    /// <param name="cancellationToken">Aborts; each artifact is replaced completely or not at all.</param>
    Task<JobExport> ExportAsync(IQuiverClient client, JobId job, CancellationToken cancellationToken = default);
}
