using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Quiver.Client.Json;
using Quiver.Client.Requests;
using Quiver.GrainInterfaces.Providers;
using Quiver.GrainInterfaces.Tenants;

namespace Quiver.Client.Http;

/// <summary>One tenant's client over HTTP.</summary>
internal sealed class HttpQuiverClient(HttpTransport transport, TenantId tenant) : IQuiverClient
{
    private static readonly QuiverJsonContext Json = QuiverJsonContext.Shared;

    private readonly RequestFactory _requests = new(transport.Server, tenant);

    public TenantId Tenant => tenant;

    private TimeSpan Timeout => transport.Options.RequestTimeout;

    private TimeSpan LongTimeout => transport.Options.LongRequestTimeout;

    public Task<JobStatus> SubmitAsync(JobSpec spec, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(spec);
        RequestValidator.RequireTenant(spec, tenant);

        // A token makes the submission safe to retry: all attempts create one job.
        var token = spec.IdempotencyToken ?? Guid.CreateVersion7(transport.Time.GetUtcNow()).ToString("N");
        var body = JsonSerializer.SerializeToUtf8Bytes(JobRequest.From(spec) with { IdempotencyToken = token }, Json.JobRequest);
        var trace = spec.TraceParent ?? Activity.Current?.Id;
        return transport.SendAsync(() => _requests.Post("jobs", body, trace), Json.JobStatus, true, Timeout, cancellationToken);
    }

    public Task<JobStatus> GetJobAsync(JobId job, CancellationToken cancellationToken = default) =>
        GetAsync($"jobs/{job}", Json.JobStatus, cancellationToken);

    public Task<Page<JobStatus>> ListJobsAsync(JobListRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        var path = RequestFactory.WithQuery(
            "jobs",
            ("state", request.State is { } state ? EnumNames<JobState>.Of(state) : null),
            ("collection", request.Collection?.Value),
            ("limit", Number(request.Limit)),
            ("after", request.After));
        return GetAsync(path, Json.JobPage, cancellationToken);
    }

    public Task<JobStatus> PauseJobAsync(JobId job, CancellationToken cancellationToken = default) => CommandAsync(job, "pause", cancellationToken);

    public Task<JobStatus> ResumeJobAsync(JobId job, CancellationToken cancellationToken = default) => CommandAsync(job, "resume", cancellationToken);

    public Task<JobStatus> CancelJobAsync(JobId job, CancellationToken cancellationToken = default) => CommandAsync(job, "cancel", cancellationToken);

    public Task<JobStatus> RetryJobAsync(JobId job, CancellationToken cancellationToken = default) => CommandAsync(job, "retry", cancellationToken);

    public Task<JobReport> GetReportAsync(JobId job, CancellationToken cancellationToken = default) =>
        GetAsync($"jobs/{job}/report", Json.JobReport, cancellationToken);

    public Task<Page<FailedDocument>> ListFailuresAsync(JobId job, string? after = null, int limit = 100, CancellationToken cancellationToken = default) =>
        GetAsync(RequestFactory.WithQuery($"jobs/{job}/failures", ("after", after), ("limit", Number(limit))), Json.FailurePage, cancellationToken);

    public async Task<JobExport> ExportJobAsync(JobId job, CancellationToken cancellationToken = default)
    {
        var export = await transport.SendAsync(() => _requests.Post($"jobs/{job}/export", null), Json.JobExport, true, LongTimeout, cancellationToken);
        return export with { Artifacts = [.. export.Artifacts.Select(artifact => artifact with { Link = _requests.Resolve(artifact.Link) })] };
    }

    public IAsyncEnumerable<JobEvent> WatchJobAsync(JobId job, long afterSequence = 0, CancellationToken cancellationToken = default)
    {
        RequestValidator.RequireSequence(afterSequence);
        return new JobEventFeed(transport, last => _requests.Events($"jobs/{job}/events", last)).ReadAsync(afterSequence, cancellationToken);
    }

    public Task<Page<CollectionInfo>> ListCollectionsAsync(string? after = null, int limit = 100, CancellationToken cancellationToken = default) =>
        GetAsync(RequestFactory.WithQuery("collections", ("after", after), ("limit", Number(limit))), Json.CollectionPage, cancellationToken);

    public Task<CollectionInfo> GetCollectionAsync(CollectionName collection, CancellationToken cancellationToken = default) =>
        GetAsync($"collections/{collection}", Json.CollectionInfo, cancellationToken);

    public Task<CollectionInfo> CreateCollectionAsync(CollectionName collection, CollectionSettings settings, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var body = JsonSerializer.SerializeToUtf8Bytes(settings, Json.CollectionSettings);
        return transport.SendAsync(() => _requests.Put($"collections/{collection}", body), Json.CollectionInfo, true, LongTimeout, cancellationToken);
    }

    public Task<CollectionInfo> ChangeCollectionAsync(CollectionName collection, CollectionSettings changes, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(changes);
        var body = JsonSerializer.SerializeToUtf8Bytes(changes, Json.CollectionSettings);
        return transport.SendAsync(() => _requests.Patch($"collections/{collection}", body), Json.CollectionInfo, true, LongTimeout, cancellationToken);
    }

    public Task<CollectionInfo> ResetModelCheckAsync(CollectionName collection, CancellationToken cancellationToken = default) =>
        transport.SendAsync(() => _requests.Post($"collections/{collection}/reset-model-check", null), Json.CollectionInfo, true, Timeout, cancellationToken);

    // Not retried: after a success whose response was lost, a second attempt would fail with unknown_collection.
    public Task DeleteCollectionAsync(CollectionName collection, CancellationToken cancellationToken = default) =>
        transport.SendAsync(() => _requests.Delete($"collections/{collection}"), LongTimeout, cancellationToken);

    public IAsyncEnumerable<ExportedPoint> ExportAsync(CollectionName collection, CancellationToken cancellationToken = default) =>
        PointExport.ReadAsync(transport, () => _requests.Get($"collections/{collection}/export"), cancellationToken);

    public Task<Page<DocumentChunk>> ListChunksAsync(
        CollectionName collection, string document, string? after = null, int limit = 100, CancellationToken cancellationToken = default)
    {
        RequestValidator.RequireChunks(document, limit);
        var path = RequestFactory.WithQuery($"collections/{collection}/chunks", ("document", document), ("after", after), ("limit", Number(limit)));
        return GetAsync(path, Json.ChunkPage, cancellationToken);
    }

    public Task<ChunkPreview> PreviewChunksAsync(ChunkPreviewRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        RequestValidator.RequirePreview(request);
        var body = JsonSerializer.SerializeToUtf8Bytes(ChunkPreviewQuery.From(request), Json.ChunkPreviewQuery);
        return transport.SendAsync(() => _requests.Post("chunks/preview", body), Json.ChunkPreview, true, Timeout, cancellationToken);
    }

    public Task<VerifyReport> VerifyAsync(CollectionName collection, bool repair, CancellationToken cancellationToken = default)
    {
        var path = RequestFactory.WithQuery($"collections/{collection}/verify", ("repair", repair ? "true" : "false"));
        return transport.SendAsync(() => _requests.Post(path, null), Json.VerifyReport, !repair, LongTimeout, cancellationToken);
    }

    public async Task<SearchResult> SearchAsync(
        CollectionName collection, SearchRequest request, CancellationToken cancellationToken = default)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(SearchQuery.From(request), Json.SearchQuery);
        var result = await transport.SendAsync(
            () => _requests.Post($"collections/{collection}/search", body), Json.SearchResult, true, Timeout, cancellationToken);
        return result with { Notes = result.Notes.IsDefault ? [] : result.Notes };
    }

    public async Task<ImmutableArray<FacetValue>> FacetAsync(
        CollectionName collection, FacetRequest request, CancellationToken cancellationToken = default)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(FacetQuery.From(request), Json.FacetQuery);
        var result = await transport.SendAsync(
            () => _requests.Post($"collections/{collection}/facets", body), Json.FacetResult, true, Timeout, cancellationToken);
        return result.Values;
    }

    public async Task<ImmutableArray<ProviderInfo>> ListProvidersAsync(CancellationToken cancellationToken = default) =>
        (await GetAsync("providers", Json.ProviderPage, cancellationToken)).Items;

    // Not retried: each call may cost money, and a failure is a valid result of the test.
    public Task<ProviderTest> TestProviderAsync(string provider, CancellationToken cancellationToken = default) => transport.SendAsync(
        () => _requests.Post($"providers/{Uri.EscapeDataString(provider)}/test", null), Json.ProviderTest, false, Timeout, cancellationToken);

    public Task<TenantUsage> GetUsageAsync(CancellationToken cancellationToken = default) => GetAsync("usage", Json.TenantUsage, cancellationToken);

    private Task<T> GetAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : notnull =>
        transport.SendAsync(() => _requests.Get(path), type, true, Timeout, cancellationToken);

    // Not retried: another caller may have changed the job between two attempts.
    private Task<JobStatus> CommandAsync(JobId job, string command, CancellationToken cancellationToken) =>
        transport.SendAsync(() => _requests.Post($"jobs/{job}/{command}", null), Json.JobStatus, false, Timeout, cancellationToken);

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
