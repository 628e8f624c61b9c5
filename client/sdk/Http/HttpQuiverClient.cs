using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Quiver.Client.Json;
using Quiver.Client.Requests;
using Quiver.GrainInterfaces.Providers;
using Quiver.GrainInterfaces.Tenants;

namespace Quiver.Client.Http;

/// <summary>A tenant's view over HTTP.</summary>
internal sealed class HttpQuiverClient(HttpTransport transport, TenantId tenant) : IQuiverClient
{
    private readonly RequestFactory _requests = new(transport.Server, tenant);

    public TenantId Tenant => tenant;

    private TimeSpan Timeout => transport.Options.RequestTimeout;

    public Task<JobStatus> SubmitAsync(JobSpec spec, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ClientRules.RequireTenant(spec, tenant);

        // With a token of its own a submission can be repeated: whichever attempt arrived, there is one job.
        var token = spec.IdempotencyToken ?? Guid.CreateVersion7(transport.Time.GetUtcNow()).ToString("N");
        var body = JsonSerializer.SerializeToUtf8Bytes(JobRequest.From(spec) with { IdempotencyToken = token }, QuiverJsonContext.Shared.JobRequest);
        var trace = spec.TraceParent ?? Activity.Current?.Id;
        return transport.AskAsync(() => _requests.Post("jobs", body, trace), QuiverJsonContext.Shared.JobStatus, true, Timeout, cancellationToken);
    }

    public Task<JobStatus> GetJobAsync(JobId job, CancellationToken cancellationToken = default) =>
        transport.AskAsync(() => _requests.Get($"jobs/{job}"), QuiverJsonContext.Shared.JobStatus, true, Timeout, cancellationToken);

    public Task<Page<JobStatus>> ListJobsAsync(JobListRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        var path = AddressQuery.Append(
            "jobs",
            ("state", request.State is { } state ? EnumNames<JobState>.Of(state) : null),
            ("collection", request.Collection?.Value),
            ("limit", Number(request.Limit)),
            ("after", request.After));
        return transport.AskAsync(() => _requests.Get(path), QuiverJsonContext.Shared.JobPage, true, Timeout, cancellationToken);
    }

    public Task<JobStatus> PauseJobAsync(JobId job, CancellationToken cancellationToken = default) => CommandAsync(job, "pause", cancellationToken);

    public Task<JobStatus> ResumeJobAsync(JobId job, CancellationToken cancellationToken = default) => CommandAsync(job, "resume", cancellationToken);

    public Task<JobStatus> CancelJobAsync(JobId job, CancellationToken cancellationToken = default) => CommandAsync(job, "cancel", cancellationToken);

    public Task<JobStatus> RetryJobAsync(JobId job, CancellationToken cancellationToken = default) => CommandAsync(job, "retry", cancellationToken);

    public Task<JobReport> GetReportAsync(JobId job, CancellationToken cancellationToken = default) =>
        transport.AskAsync(() => _requests.Get($"jobs/{job}/report"), QuiverJsonContext.Shared.JobReport, true, Timeout, cancellationToken);

    public Task<Page<FailedDocument>> ListFailuresAsync(
        JobId job, string? after = null, int limit = 100, CancellationToken cancellationToken = default)
    {
        var path = AddressQuery.Append($"jobs/{job}/failures", ("after", after), ("limit", Number(limit)));
        return transport.AskAsync(() => _requests.Get(path), QuiverJsonContext.Shared.FailurePage, true, Timeout, cancellationToken);
    }

    public async Task<JobExport> ExportJobAsync(JobId job, CancellationToken cancellationToken = default)
    {
        var export = await transport.AskAsync(
            () => _requests.Post($"jobs/{job}/export", null), QuiverJsonContext.Shared.JobExport, true, transport.Options.LongRequestTimeout, cancellationToken);
        return export with { Artifacts = [.. export.Artifacts.Select(artifact => artifact with { Link = _requests.Resolve(artifact.Link) })] };
    }

    public IAsyncEnumerable<JobEvent> WatchJobAsync(JobId job, long afterSequence = 0, CancellationToken cancellationToken = default)
    {
        ClientRules.RequireSequence(afterSequence);
        return new JobEventFeed(transport, last => _requests.Events($"jobs/{job}/events", last)).ReadAsync(afterSequence, cancellationToken);
    }

    public Task<Page<CollectionInfo>> ListCollectionsAsync(string? after = null, int limit = 100, CancellationToken cancellationToken = default)
    {
        var path = AddressQuery.Append("collections", ("after", after), ("limit", Number(limit)));
        return transport.AskAsync(() => _requests.Get(path), QuiverJsonContext.Shared.CollectionPage, true, Timeout, cancellationToken);
    }

    public Task<CollectionInfo> GetCollectionAsync(CollectionName collection, CancellationToken cancellationToken = default) =>
        transport.AskAsync(() => _requests.Get($"collections/{collection}"), QuiverJsonContext.Shared.CollectionInfo, true, Timeout, cancellationToken);

    public Task<CollectionInfo> CreateCollectionAsync(CollectionName collection, CollectionSettings settings, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var body = JsonSerializer.SerializeToUtf8Bytes(settings, QuiverJsonContext.Shared.CollectionSettings);
        return transport.AskAsync(
            () => _requests.Put($"collections/{collection}", body), QuiverJsonContext.Shared.CollectionInfo, true, transport.Options.LongRequestTimeout, cancellationToken);
    }

    public Task<CollectionInfo> ChangeCollectionAsync(CollectionName collection, CollectionSettings changes, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(changes);
        var body = JsonSerializer.SerializeToUtf8Bytes(changes, QuiverJsonContext.Shared.CollectionSettings);
        return transport.AskAsync(
            () => _requests.Patch($"collections/{collection}", body), QuiverJsonContext.Shared.CollectionInfo, true, transport.Options.LongRequestTimeout, cancellationToken);
    }

    // Not repeated: a second attempt after a success that was not heard of would say unknown_collection.
    public Task DeleteCollectionAsync(CollectionName collection, CancellationToken cancellationToken = default) =>
        transport.TellAsync(() => _requests.Delete($"collections/{collection}"), false, transport.Options.LongRequestTimeout, cancellationToken);

    public IAsyncEnumerable<ExportedPoint> ExportAsync(CollectionName collection, CancellationToken cancellationToken = default) =>
        PointExport.ReadAsync(transport, () => _requests.Get($"collections/{collection}/export"), cancellationToken);

    public Task<VerifyReport> VerifyAsync(CollectionName collection, bool repair, CancellationToken cancellationToken = default)
    {
        var path = AddressQuery.Append($"collections/{collection}/verify", ("repair", repair ? "true" : "false"));
        return transport.AskAsync(
            () => _requests.Post(path, null), QuiverJsonContext.Shared.VerifyReport, !repair, transport.Options.LongRequestTimeout, cancellationToken);
    }

    public async Task<ImmutableArray<SearchHit>> SearchAsync(
        CollectionName collection, SearchRequest request, CancellationToken cancellationToken = default)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(SearchQuery.From(request), QuiverJsonContext.Shared.SearchQuery);
        var result = await transport.AskAsync(
            () => _requests.Post($"collections/{collection}/search", body), QuiverJsonContext.Shared.SearchResult, true, Timeout, cancellationToken);
        return result.Hits;
    }

    public async Task<ImmutableArray<FacetValue>> FacetAsync(
        CollectionName collection, FacetRequest request, CancellationToken cancellationToken = default)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(FacetQuery.From(request), QuiverJsonContext.Shared.FacetQuery);
        var result = await transport.AskAsync(
            () => _requests.Post($"collections/{collection}/facets", body), QuiverJsonContext.Shared.FacetResult, true, Timeout, cancellationToken);
        return result.Values;
    }

    public async Task<ImmutableArray<ProviderInfo>> ListProvidersAsync(CancellationToken cancellationToken = default) =>
        (await transport.AskAsync(() => _requests.Get("providers"), QuiverJsonContext.Shared.ProviderPage, true, Timeout, cancellationToken)).Items;

    // Not repeated: each call may cost something, and its failure is the answer.
    public Task<ProviderTest> TestProviderAsync(string provider, CancellationToken cancellationToken = default) => transport.AskAsync(
        () => _requests.Post($"providers/{Uri.EscapeDataString(provider)}/test", null), QuiverJsonContext.Shared.ProviderTest, false, Timeout, cancellationToken);

    public Task<TenantUsage> GetUsageAsync(CancellationToken cancellationToken = default) =>
        transport.AskAsync(() => _requests.Get("usage"), QuiverJsonContext.Shared.TenantUsage, true, Timeout, cancellationToken);

    // Not repeated: between two attempts somebody else may have given another command.
    private Task<JobStatus> CommandAsync(JobId job, string command, CancellationToken cancellationToken) =>
        transport.AskAsync(() => _requests.Post($"jobs/{job}/{command}", null), QuiverJsonContext.Shared.JobStatus, false, Timeout, cancellationToken);

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
