using System.Diagnostics;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans;
using Quiver.Client.Requests;
using Quiver.GrainInterfaces.Providers;
using Quiver.GrainInterfaces.Tenants;
using Quiver.GrainInterfaces.Workers;

namespace Quiver.Client.Grains;

/// <summary>Creates clients over grains. Thread-safe.</summary>
internal sealed class GrainQuiverClientFactory(
    IClusterClient cluster,
    IOptions<GrainClientOptions> options,
    TimeProvider time,
    JobIdGenerator ids,
    GrainInvoker grains,
    ILogger<JobEventWatch> logger,
    IJobExporter? exporter = null) : IQuiverClientFactory
{
    public IQuiverClient Create(TenantId tenant) => new GrainQuiverClient(
        cluster, tenant, ids, options.Value, grains, key => new JobEventWatch(cluster, key, options.Value, grains, time, logger), exporter);
}

/// <summary>One tenant's client over grains.</summary>
internal sealed class GrainQuiverClient(
    IClusterClient cluster,
    TenantId tenant,
    JobIdGenerator ids,
    GrainClientOptions options,
    GrainInvoker grains,
    Func<JobKey, JobEventWatch> watch,
    IJobExporter? exporter) : IQuiverClient
{
    private readonly ITenantQueryGrain _ledger = cluster.GetGrain<ITenantQueryGrain>(tenant.Value);

    public TenantId Tenant => tenant;

    public async Task<JobStatus> SubmitAsync(JobSpec spec, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(spec);
        RequestValidator.RequireTenant(spec, tenant);
        RequestValidator.RequireToken(spec.IdempotencyToken);
        var proposed = ids.Next();
        var owner = cluster.GetGrain<ITenantGrain>(tenant.Value);
        var id = await grains.InvokeAsync(() => owner.ReserveAsync(proposed, spec.IdempotencyToken, cancellationToken), cancellationToken);
        var traced = spec.TraceParent is null ? spec with { TraceParent = Activity.Current?.Id } : spec;
        return await grains.InvokeAsync(() => Job(id).SubmitAsync(traced, cancellationToken), cancellationToken);
    }

    public Task<JobStatus> GetJobAsync(JobId job, CancellationToken cancellationToken = default) =>
        grains.InvokeAsync(() => Job(job).GetStatusAsync(cancellationToken), cancellationToken);

    public Task<Page<JobStatus>> ListJobsAsync(JobListRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        RequestValidator.RequirePage(request.Limit);
        return grains.InvokeAsync(() => _ledger.ListJobsAsync(request, cancellationToken), cancellationToken);
    }

    public Task<JobStatus> PauseJobAsync(JobId job, CancellationToken cancellationToken = default) =>
        grains.InvokeAsync(() => Job(job).PauseAsync(cancellationToken), cancellationToken);

    public Task<JobStatus> ResumeJobAsync(JobId job, CancellationToken cancellationToken = default) =>
        grains.InvokeAsync(() => Job(job).ResumeAsync(cancellationToken), cancellationToken);

    public Task<JobStatus> CancelJobAsync(JobId job, CancellationToken cancellationToken = default) =>
        grains.InvokeAsync(() => Job(job).CancelAsync(cancellationToken), cancellationToken);

    public Task<JobStatus> RetryJobAsync(JobId job, CancellationToken cancellationToken = default) =>
        GrainInvoker.InvokeOnceAsync(() => Job(job).RetryAsync(cancellationToken));

    public Task<JobReport> GetReportAsync(JobId job, CancellationToken cancellationToken = default) =>
        grains.InvokeAsync(() => _ledger.GetReportAsync(job, cancellationToken), cancellationToken);

    public Task<Page<FailedDocument>> ListFailuresAsync(
        JobId job, string? after = null, int limit = 100, CancellationToken cancellationToken = default)
    {
        RequestValidator.RequirePage(limit);
        return grains.InvokeAsync(() => _ledger.ListFailuresAsync(job, after, limit, cancellationToken), cancellationToken);
    }

    public Task<JobExport> ExportJobAsync(JobId job, CancellationToken cancellationToken = default) => exporter is not null
        ? GrainInvoker.InvokeOnceAsync(() => exporter.ExportAsync(this, job, cancellationToken))
        : throw new PermanentException(
            ErrorCodes.StorageUnavailable, "This process has no artifact store: export through a server, with --server URL or POST /v1/jobs/ID/export.");

    public IAsyncEnumerable<JobEvent> WatchJobAsync(JobId job, long afterSequence = 0, CancellationToken cancellationToken = default)
    {
        RequestValidator.RequireSequence(afterSequence);
        return watch(new JobKey(tenant, job)).ReadAsync(afterSequence, cancellationToken);
    }

    public Task<Page<CollectionInfo>> ListCollectionsAsync(string? after = null, int limit = 100, CancellationToken cancellationToken = default)
    {
        RequestValidator.RequirePage(limit);
        return grains.InvokeAsync(() => _ledger.ListCollectionsAsync(after, limit, cancellationToken), cancellationToken);
    }

    public Task<CollectionInfo> GetCollectionAsync(CollectionName collection, CancellationToken cancellationToken = default) =>
        grains.InvokeAsync(() => Collection(collection).GetInfoAsync(cancellationToken), cancellationToken);

    public Task<CollectionInfo> CreateCollectionAsync(CollectionName collection, CollectionSettings settings, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return GrainInvoker.InvokeOnceAsync(() => Collection(collection).CreateAsync(settings, cancellationToken));
    }

    public Task<CollectionInfo> ChangeCollectionAsync(CollectionName collection, CollectionSettings changes, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(changes);
        return grains.InvokeAsync(() => Collection(collection).ChangeAsync(changes, cancellationToken), cancellationToken);
    }

    public Task<CollectionInfo> ResetModelCheckAsync(CollectionName collection, CancellationToken cancellationToken = default) =>
        grains.InvokeAsync(() => Collection(collection).ResetModelCheckAsync(cancellationToken), cancellationToken);

    public async Task DeleteCollectionAsync(CollectionName collection, CancellationToken cancellationToken = default)
    {
        var started = false;
        while (!await DeleteStepAsync(collection, started, cancellationToken))
        {
            cancellationToken.ThrowIfCancellationRequested();
            started = true;
        }
    }

    public async IAsyncEnumerable<ExportedPoint> ExportAsync(
        CollectionName collection, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var reader = Reader(collection);
        string? after = null;
        do
        {
            var page = await grains.InvokeAsync(() => reader.ExportAsync(after, options.PageSize, cancellationToken), cancellationToken);
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
        return grains.InvokeAsync(() => Reader(collection).ReadChunksAsync(document, after, limit, cancellationToken), cancellationToken);
    }

    public Task<ChunkPreview> PreviewChunksAsync(ChunkPreviewRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        RequestValidator.RequirePreview(request);
        return grains.InvokeAsync(() => cluster.GetGrain<IChunkPreviewGrain>(tenant.Value).PreviewAsync(request, cancellationToken), cancellationToken);
    }

    public async Task<VerifyReport> VerifyAsync(CollectionName collection, bool repair, CancellationToken cancellationToken = default)
    {
        var reader = Reader(collection);
        var sum = new VerifyReport();
        do
        {
            sum = VerifyReportSum.Add(sum, await grains.InvokeAsync(() => reader.VerifyAsync(sum.Next, repair, cancellationToken), cancellationToken));
        }
        while (sum.Next is not null);
        return sum;
    }

    public Task<SearchResult> SearchAsync(CollectionName collection, SearchRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        RequestValidator.RequireSearch(request);
        return grains.InvokeAsync(() => Reader(collection).SearchAsync(request, cancellationToken), cancellationToken);
    }

    public Task<ImmutableArray<FacetValue>> FacetAsync(CollectionName collection, FacetRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        RequestValidator.RequireFacet(request);
        return grains.InvokeAsync(() => Reader(collection).FacetAsync(request, cancellationToken), cancellationToken);
    }

    public Task<ImmutableArray<ProviderInfo>> ListProvidersAsync(CancellationToken cancellationToken = default) =>
        grains.InvokeAsync(() => Providers.ListAsync(cancellationToken), cancellationToken);

    public Task<ProviderTest> TestProviderAsync(string provider, CancellationToken cancellationToken = default) =>
        grains.InvokeAsync(() => Providers.TestAsync(new ProviderTestRequest { Provider = provider, Tenant = tenant }, cancellationToken), cancellationToken);

    public Task<TenantUsage> GetUsageAsync(CancellationToken cancellationToken = default) =>
        grains.InvokeAsync(() => _ledger.GetUsageAsync(cancellationToken), cancellationToken);

    private IProviderQueryGrain Providers => cluster.GetGrain<IProviderQueryGrain>(0);

    private async Task<bool> DeleteStepAsync(CollectionName collection, bool started, CancellationToken cancellationToken)
    {
        try
        {
            return await GrainInvoker.InvokeOnceAsync(() => Collection(collection).DeleteAsync(cancellationToken));
        }
        catch (NotFoundException) when (started)
        {
            // The deletion completed between two calls.
            return true;
        }
    }

    private IIngestionJobGrain Job(JobId job) => cluster.GetGrain<IIngestionJobGrain>(new JobKey(tenant, job).ToString());

    private ICollectionGrain Collection(CollectionName name) => cluster.GetGrain<ICollectionGrain>(new CollectionKey(tenant, name).ToString());

    private ICollectionQueryGrain Reader(CollectionName name) => cluster.GetGrain<ICollectionQueryGrain>(new CollectionKey(tenant, name).ToString());
}

/// <summary>Adds up the pages of a verification.</summary>
internal static class VerifyReportSum
{
    private const int MaxDiffering = 100;

    /// <summary>The sum of both counts, the first 100 differing documents, and the cursor of the later page.</summary>
    public static VerifyReport Add(VerifyReport sum, VerifyReport page) => new()
    {
        Documents = sum.Documents + page.Documents,
        ExpectedPoints = sum.ExpectedPoints + page.ExpectedPoints,
        MissingPoints = sum.MissingPoints + page.MissingPoints,
        SurplusPoints = sum.SurplusPoints + page.SurplusPoints,
        UnfinishedDocuments = sum.UnfinishedDocuments + page.UnfinishedDocuments,
        Repaired = sum.Repaired + page.Repaired,
        Differing = [.. sum.Differing.Concat(page.Differing).Take(MaxDiffering)],
        Next = page.Next,
    };
}
