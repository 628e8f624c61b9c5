using System.Runtime.CompilerServices;
using Quiver.Cli;
using Quiver.Client;
using Quiver.Client.Grains;
using Quiver.Client.Requests;
using Quiver.Core.Tenants;
using Quiver.GrainInterfaces.Providers;
using Quiver.GrainInterfaces.Tenants;
using Quiver.Grains.Collections;

namespace Quiver.Silo.Sessions.Reading;

/// <summary>A tenant's view of a data directory that is only read. Throws only <see cref="QuiverException"/> and cancellation.</summary>
internal sealed class ReadingClient(DirectoryReader reader, TenantId tenant) : IQuiverClient
{
    private const int PageSize = 500;

    private readonly TenantReader _ledger = new(tenant, reader.Ledger, reader.States);

    public TenantId Tenant => tenant;

    public Task<JobStatus> GetJobAsync(JobId job, CancellationToken cancellationToken = default) =>
        GuardAsync(() => reader.States.GetAsync(new JobKey(tenant, job), cancellationToken));

    public Task<Page<JobStatus>> ListJobsAsync(JobListRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        RequestValidator.RequirePage(request.Limit);
        return GuardAsync(() => _ledger.ListJobsAsync(request, cancellationToken));
    }

    public Task<JobReport> GetReportAsync(JobId job, CancellationToken cancellationToken = default) =>
        GuardAsync(() => _ledger.GetReportAsync(job, cancellationToken));

    public Task<Page<FailedDocument>> ListFailuresAsync(JobId job, string? after = null, int limit = 100, CancellationToken cancellationToken = default)
    {
        RequestValidator.RequirePage(limit);
        return GuardAsync(() => _ledger.ListFailuresAsync(job, after, limit, cancellationToken));
    }

    public async IAsyncEnumerable<JobEvent> WatchJobAsync(
        JobId job, long afterSequence = 0, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        RequestValidator.RequireSequence(afterSequence);
        await using var events = reader.Events.ReadAsync(new JobKey(tenant, job), afterSequence, cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (await GuardAsync(() => events.MoveNextAsync().AsTask()))
        {
            yield return events.Current;
        }
    }

    public Task<Page<CollectionInfo>> ListCollectionsAsync(string? after = null, int limit = 100, CancellationToken cancellationToken = default)
    {
        RequestValidator.RequirePage(limit);
        return GuardAsync(() => _ledger.ListCollectionsAsync(after, limit, cancellationToken));
    }

    public Task<CollectionInfo> GetCollectionAsync(CollectionName collection, CancellationToken cancellationToken = default) => GuardAsync(async () =>
    {
        var key = Key(collection);
        var state = await reader.States.GetStateAsync(key, cancellationToken);
        state.Require(key);
        return await state.DescribeAsync(key, reader.Ledger, reader.Store, cancellationToken);
    });

    public async IAsyncEnumerable<ExportedPoint> ExportAsync(CollectionName collection, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        string? after = null;
        do
        {
            var page = await GuardAsync(() => reader.Collections.ExportAsync(Key(collection), after, PageSize, cancellationToken));
            foreach (var point in page.Items)
            {
                yield return point;
            }

            after = page.Next;
        }
        while (after is not null);
    }

    public Task<Page<DocumentChunk>> ListChunksAsync(
        CollectionName collection, string document, string? after = null, int limit = 100, CancellationToken cancellationToken = default)
    {
        RequestValidator.RequireChunks(document, limit);
        return GuardAsync(() => reader.Collections.ReadChunksAsync(Key(collection), document, after, limit, cancellationToken));
    }

    public Task<ChunkPreview> PreviewChunksAsync(ChunkPreviewRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        RequestValidator.RequirePreview(request);
        return GuardAsync(() => reader.Previews.PreviewAsync(tenant, request, cancellationToken));
    }

    public async Task<VerifyReport> VerifyAsync(CollectionName collection, bool repair, CancellationToken cancellationToken = default)
    {
        if (repair)
        {
            throw OnlyReads();
        }

        var sum = new VerifyReport();
        do
        {
            sum = VerifyReportSum.Add(sum, await GuardAsync(() => reader.Collections.VerifyAsync(Key(collection), sum.Next, repair: false, cancellationToken)));
        }
        while (sum.Next is not null);
        return sum;
    }

    public Task<SearchResult> SearchAsync(CollectionName collection, SearchRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        RequestValidator.RequireSearch(request);
        return GuardAsync(() => reader.Collections.SearchAsync(Key(collection), request, cancellationToken));
    }

    public Task<ImmutableArray<FacetValue>> FacetAsync(CollectionName collection, FacetRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        RequestValidator.RequireFacet(request);
        return GuardAsync(() => reader.Collections.FacetAsync(Key(collection), request, cancellationToken));
    }

    public Task<ImmutableArray<ProviderInfo>> ListProvidersAsync(CancellationToken cancellationToken = default) =>
        GuardAsync(() => Task.FromResult(reader.Providers.List()));

    public Task<ProviderTest> TestProviderAsync(string provider, CancellationToken cancellationToken = default) =>
        GuardAsync(() => reader.Providers.TestAsync(new ProviderTestRequest { Provider = provider, Tenant = tenant }, cancellationToken));

    public Task<TenantUsage> GetUsageAsync(CancellationToken cancellationToken = default) => GuardAsync(() => _ledger.GetUsageAsync(cancellationToken));

    public Task<JobStatus> SubmitAsync(JobSpec spec, CancellationToken cancellationToken = default) => throw OnlyReads();

    public Task<JobStatus> PauseJobAsync(JobId job, CancellationToken cancellationToken = default) => throw OnlyReads();

    public Task<JobStatus> ResumeJobAsync(JobId job, CancellationToken cancellationToken = default) => throw OnlyReads();

    public Task<JobStatus> CancelJobAsync(JobId job, CancellationToken cancellationToken = default) => throw OnlyReads();

    public Task<JobStatus> RetryJobAsync(JobId job, CancellationToken cancellationToken = default) => throw OnlyReads();

    public Task<JobExport> ExportJobAsync(JobId job, CancellationToken cancellationToken = default) => throw OnlyReads();

    public Task<CollectionInfo> CreateCollectionAsync(CollectionName collection, CollectionSettings settings, CancellationToken cancellationToken = default) =>
        throw OnlyReads();

    public Task<CollectionInfo> ChangeCollectionAsync(CollectionName collection, CollectionSettings changes, CancellationToken cancellationToken = default) =>
        throw OnlyReads();

    public Task<CollectionInfo> ResetModelCheckAsync(CollectionName collection, CancellationToken cancellationToken = default) => throw OnlyReads();

    public Task DeleteCollectionAsync(CollectionName collection, CancellationToken cancellationToken = default) => throw OnlyReads();

    private static PermanentException OnlyReads() => new(ErrorCodes.Internal, "The data directory is open for reading only.");

    private static async Task<T> GuardAsync<T>(Func<Task<T>> call)
    {
        try
        {
            return await call();
        }
        catch (Exception exception) when (exception is not (QuiverException or OperationCanceledException))
        {
            throw new PermanentException(ErrorCodes.Internal, "Quiver failed unexpectedly; run the command again with --verbose for its log.", exception);
        }
    }

    private CollectionKey Key(CollectionName collection) => new(tenant, collection);
}
