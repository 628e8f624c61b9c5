using System.Diagnostics;
using System.Runtime.CompilerServices;
using Orleans;
using Quiver.Client.Requests;
using Quiver.GrainInterfaces.Providers;
using Quiver.GrainInterfaces.Tenants;

namespace Quiver.Client.Grains;

/// <summary>A tenant's view over grains.</summary>
internal sealed class GrainQuiverClient(IClusterClient cluster, TenantId tenant, JobIdGenerator ids, GrainClientOptions options, Func<JobKey, JobEventWatch> watch, IJobExporter? exporter)
    : IQuiverClient
{
    private readonly ITenantQueryGrain _ledger = cluster.GetGrain<ITenantQueryGrain>(tenant.Value);

    public TenantId Tenant => tenant;

    public async Task<JobStatus> SubmitAsync(JobSpec spec, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ClientRules.RequireTenant(spec, tenant);
        ClientRules.RequireToken(spec.IdempotencyToken);
        var id = await GrainFaults.GuardAsync(
            cluster.GetGrain<ITenantGrain>(tenant.Value).ReserveAsync(ids.Next(), spec.IdempotencyToken, cancellationToken));
        var traced = spec.TraceParent is null ? spec with { TraceParent = Activity.Current?.Id } : spec;
        return await GrainFaults.GuardAsync(Job(id).SubmitAsync(traced, cancellationToken));
    }

    public Task<JobStatus> GetJobAsync(JobId job, CancellationToken cancellationToken = default) =>
        GrainFaults.GuardAsync(Job(job).GetStatusAsync(cancellationToken));

    public Task<Page<JobStatus>> ListJobsAsync(JobListRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        ClientRules.RequirePage(request.Limit);
        return GrainFaults.GuardAsync(_ledger.ListJobsAsync(request, cancellationToken));
    }

    public Task<JobStatus> PauseJobAsync(JobId job, CancellationToken cancellationToken = default) =>
        GrainFaults.GuardAsync(Job(job).PauseAsync(cancellationToken));

    public Task<JobStatus> ResumeJobAsync(JobId job, CancellationToken cancellationToken = default) =>
        GrainFaults.GuardAsync(Job(job).ResumeAsync(cancellationToken));

    public Task<JobStatus> CancelJobAsync(JobId job, CancellationToken cancellationToken = default) =>
        GrainFaults.GuardAsync(Job(job).CancelAsync(cancellationToken));

    public Task<JobStatus> RetryJobAsync(JobId job, CancellationToken cancellationToken = default) =>
        GrainFaults.GuardAsync(Job(job).RetryAsync(cancellationToken));

    public Task<JobReport> GetReportAsync(JobId job, CancellationToken cancellationToken = default) =>
        GrainFaults.GuardAsync(_ledger.GetReportAsync(job, cancellationToken));

    public Task<Page<FailedDocument>> ListFailuresAsync(
        JobId job, string? after = null, int limit = 100, CancellationToken cancellationToken = default)
    {
        ClientRules.RequirePage(limit);
        return GrainFaults.GuardAsync(_ledger.ListFailuresAsync(job, after, limit, cancellationToken));
    }

    public Task<JobExport> ExportJobAsync(JobId job, CancellationToken cancellationToken = default) => exporter is not null
        ? GrainFaults.GuardAsync(exporter.ExportAsync(this, job, cancellationToken))
        : throw new PermanentException(ErrorCodes.StorageUnavailable, "No store for artifacts is registered in this process: ask a server to export.");

    public IAsyncEnumerable<JobEvent> WatchJobAsync(JobId job, long afterSequence = 0, CancellationToken cancellationToken = default)
    {
        ClientRules.RequireSequence(afterSequence);
        return watch(new JobKey(tenant, job)).ReadAsync(afterSequence, cancellationToken);
    }

    public Task<Page<CollectionInfo>> ListCollectionsAsync(string? after = null, int limit = 100, CancellationToken cancellationToken = default)
    {
        ClientRules.RequirePage(limit);
        return GrainFaults.GuardAsync(_ledger.ListCollectionsAsync(after, limit, cancellationToken));
    }

    public Task<CollectionInfo> GetCollectionAsync(CollectionName collection, CancellationToken cancellationToken = default) =>
        GrainFaults.GuardAsync(Collection(collection).GetInfoAsync(cancellationToken));

    public Task<CollectionInfo> CreateCollectionAsync(CollectionName collection, CollectionSettings settings, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return GrainFaults.GuardAsync(Collection(collection).CreateAsync(settings, cancellationToken));
    }

    public Task<CollectionInfo> ChangeCollectionAsync(CollectionName collection, CollectionSettings changes, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(changes);
        return GrainFaults.GuardAsync(Collection(collection).ChangeAsync(changes, cancellationToken));
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
            var page = await GrainFaults.GuardAsync(reader.ExportAsync(after, options.PageSize, cancellationToken));
            foreach (var point in page.Items)
                yield return point;
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
            sum = VerifyReportSum.Add(sum, await GrainFaults.GuardAsync(reader.VerifyAsync(sum.Next, repair, cancellationToken)));
        }
        while (sum.Next is not null);
        return sum;
    }

    public Task<ImmutableArray<SearchHit>> SearchAsync(CollectionName collection, SearchRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        ClientRules.RequireSearch(request);
        return GrainFaults.GuardAsync(Reader(collection).SearchAsync(request, cancellationToken));
    }

    public Task<ImmutableArray<ProviderInfo>> ListProvidersAsync(CancellationToken cancellationToken = default) =>
        GrainFaults.GuardAsync(Providers.ListAsync(cancellationToken));

    public Task<ProviderTest> TestProviderAsync(string provider, CancellationToken cancellationToken = default) =>
        GrainFaults.GuardAsync(Providers.TestAsync(new ProviderTestRequest { Provider = provider, Tenant = tenant }, cancellationToken));

    public Task<TenantUsage> GetUsageAsync(CancellationToken cancellationToken = default) => GrainFaults.GuardAsync(_ledger.GetUsageAsync(cancellationToken));

    private IProviderQueryGrain Providers => cluster.GetGrain<IProviderQueryGrain>(0);

    private async Task<bool> DeleteStepAsync(CollectionName collection, bool started, CancellationToken cancellationToken)
    {
        try
        {
            return await GrainFaults.GuardAsync(Collection(collection).DeleteAsync(cancellationToken));
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
