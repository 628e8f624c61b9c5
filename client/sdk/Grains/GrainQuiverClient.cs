using System.Diagnostics;
using System.Runtime.CompilerServices;
using Orleans;
using Quiver.Client.Requests;
using Quiver.GrainInterfaces.Providers;
using Quiver.GrainInterfaces.Tenants;

namespace Quiver.Client.Grains;

/// <summary>A tenant's view over grains.</summary>
internal sealed class GrainQuiverClient(IClusterClient cluster, TenantId tenant, JobIdGenerator ids, GrainClientOptions options, GrainCalls calls, Func<JobKey, JobEventWatch> watch, IJobExporter? exporter)
    : IQuiverClient
{
    private readonly ITenantQueryGrain _ledger = cluster.GetGrain<ITenantQueryGrain>(tenant.Value);

    public TenantId Tenant => tenant;

    public async Task<JobStatus> SubmitAsync(JobSpec spec, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ClientRules.RequireTenant(spec, tenant);
        ClientRules.RequireToken(spec.IdempotencyToken);
        var proposed = ids.Next();
        var id = await calls.RunAsync(() => cluster.GetGrain<ITenantGrain>(tenant.Value).ReserveAsync(proposed, spec.IdempotencyToken, cancellationToken), cancellationToken);
        var traced = spec.TraceParent is null ? spec with { TraceParent = Activity.Current?.Id } : spec;
        return await calls.RunAsync(() => Job(id).SubmitAsync(traced, cancellationToken), cancellationToken);
    }

    public Task<JobStatus> GetJobAsync(JobId job, CancellationToken cancellationToken = default) =>
        calls.RunAsync(() => Job(job).GetStatusAsync(cancellationToken), cancellationToken);

    public Task<Page<JobStatus>> ListJobsAsync(JobListRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        ClientRules.RequirePage(request.Limit);
        return calls.RunAsync(() => _ledger.ListJobsAsync(request, cancellationToken), cancellationToken);
    }

    public Task<JobStatus> PauseJobAsync(JobId job, CancellationToken cancellationToken = default) =>
        calls.RunAsync(() => Job(job).PauseAsync(cancellationToken), cancellationToken);

    public Task<JobStatus> ResumeJobAsync(JobId job, CancellationToken cancellationToken = default) =>
        calls.RunAsync(() => Job(job).ResumeAsync(cancellationToken), cancellationToken);

    public Task<JobStatus> CancelJobAsync(JobId job, CancellationToken cancellationToken = default) =>
        calls.RunAsync(() => Job(job).CancelAsync(cancellationToken), cancellationToken);

    public Task<JobStatus> RetryJobAsync(JobId job, CancellationToken cancellationToken = default) =>
        GrainCalls.OnceAsync(() => Job(job).RetryAsync(cancellationToken));

    public Task<JobReport> GetReportAsync(JobId job, CancellationToken cancellationToken = default) =>
        calls.RunAsync(() => _ledger.GetReportAsync(job, cancellationToken), cancellationToken);

    public Task<Page<FailedDocument>> ListFailuresAsync(
        JobId job, string? after = null, int limit = 100, CancellationToken cancellationToken = default)
    {
        ClientRules.RequirePage(limit);
        return calls.RunAsync(() => _ledger.ListFailuresAsync(job, after, limit, cancellationToken), cancellationToken);
    }

    public Task<JobExport> ExportJobAsync(JobId job, CancellationToken cancellationToken = default) => exporter is not null
        ? GrainCalls.OnceAsync(() => exporter.ExportAsync(this, job, cancellationToken))
        : throw new PermanentException(ErrorCodes.StorageUnavailable, "This process keeps no artifacts: ask a server over HTTP to export, as with --server URL.");

    public IAsyncEnumerable<JobEvent> WatchJobAsync(JobId job, long afterSequence = 0, CancellationToken cancellationToken = default)
    {
        ClientRules.RequireSequence(afterSequence);
        return watch(new JobKey(tenant, job)).ReadAsync(afterSequence, cancellationToken);
    }

    public Task<Page<CollectionInfo>> ListCollectionsAsync(string? after = null, int limit = 100, CancellationToken cancellationToken = default)
    {
        ClientRules.RequirePage(limit);
        return calls.RunAsync(() => _ledger.ListCollectionsAsync(after, limit, cancellationToken), cancellationToken);
    }

    public Task<CollectionInfo> GetCollectionAsync(CollectionName collection, CancellationToken cancellationToken = default) =>
        calls.RunAsync(() => Collection(collection).GetInfoAsync(cancellationToken), cancellationToken);

    public Task<CollectionInfo> CreateCollectionAsync(CollectionName collection, CollectionSettings settings, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return GrainCalls.OnceAsync(() => Collection(collection).CreateAsync(settings, cancellationToken));
    }

    public Task<CollectionInfo> ChangeCollectionAsync(CollectionName collection, CollectionSettings changes, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(changes);
        return calls.RunAsync(() => Collection(collection).ChangeAsync(changes, cancellationToken), cancellationToken);
    }

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
            var page = await calls.RunAsync(() => reader.ExportAsync(after, options.PageSize, cancellationToken), cancellationToken);
            foreach (var point in page.Items)
            {
                yield return point;
            }

            after = page.Next;
        }
        while (after is not null);
    }

    public async Task<VerifyReport> VerifyAsync(CollectionName collection, bool repair, CancellationToken cancellationToken = default)
    {
        var reader = Reader(collection);
        var sum = new VerifyReport();
        do
        {
            sum = VerifyReportSum.Add(sum, await calls.RunAsync(() => reader.VerifyAsync(sum.Next, repair, cancellationToken), cancellationToken));
        }
        while (sum.Next is not null);
        return sum;
    }

    public Task<ImmutableArray<SearchHit>> SearchAsync(CollectionName collection, SearchRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        ClientRules.RequireSearch(request);
        return calls.RunAsync(() => Reader(collection).SearchAsync(request, cancellationToken), cancellationToken);
    }

    public Task<ImmutableArray<FacetValue>> FacetAsync(CollectionName collection, FacetRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        ClientRules.RequireFacet(request);
        return calls.RunAsync(() => Reader(collection).FacetAsync(request, cancellationToken), cancellationToken);
    }

    public Task<ImmutableArray<ProviderInfo>> ListProvidersAsync(CancellationToken cancellationToken = default) =>
        calls.RunAsync(() => Providers.ListAsync(cancellationToken), cancellationToken);

    public Task<ProviderTest> TestProviderAsync(string provider, CancellationToken cancellationToken = default) =>
        calls.RunAsync(() => Providers.TestAsync(new ProviderTestRequest { Provider = provider, Tenant = tenant }, cancellationToken), cancellationToken);

    public Task<TenantUsage> GetUsageAsync(CancellationToken cancellationToken = default) => calls.RunAsync(() => _ledger.GetUsageAsync(cancellationToken), cancellationToken);

    private IProviderQueryGrain Providers => cluster.GetGrain<IProviderQueryGrain>(0);

    private async Task<bool> DeleteStepAsync(CollectionName collection, bool started, CancellationToken cancellationToken)
    {
        try
        {
            return await GrainCalls.OnceAsync(() => Collection(collection).DeleteAsync(cancellationToken));
        }
        catch (NotFoundException) when (started)
        {
            // It came to its end by itself between two calls.
            return true;
        }
    }

    private IIngestionJobGrain Job(JobId job) => cluster.GetGrain<IIngestionJobGrain>(new JobKey(tenant, job).ToString());

    private ICollectionGrain Collection(CollectionName name) => cluster.GetGrain<ICollectionGrain>(new CollectionKey(tenant, name).ToString());

    private ICollectionQueryGrain Reader(CollectionName name) => cluster.GetGrain<ICollectionQueryGrain>(new CollectionKey(tenant, name).ToString());
}
