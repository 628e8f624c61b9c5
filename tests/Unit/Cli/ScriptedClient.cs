using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Quiver.Client;
using Quiver.Client.Requests;
using Quiver.GrainInterfaces.Providers;
using Quiver.GrainInterfaces.Tenants;

namespace Quiver.Tests.Unit.Cli;

/// <summary>A scripted client that records its calls.</summary>
internal sealed class ScriptedClient : IQuiverClient
{
    private readonly TaskCompletionSource _never = new();

    public TenantId Tenant { get; init; } = TenantId.Parse("default");

    public ConcurrentQueue<string> Calls { get; } = new();

    public Exception? Fault { get; set; }

    public JobSpec? Submitted { get; private set; }

    public JobListRequest? Listed { get; private set; }

    public SearchRequest? Searched { get; private set; }

    public FacetRequest? Faceted { get; private set; }

    public ImmutableArray<FacetValue> Values { get; set; } = [];

    public JobStatus Job { get; set; } = Samples.Job(JobState.Queued, counters: JobCounters.Zero);

    public JobStatus Final { get; set; } = Samples.Job(JobState.Completed);

    public IReadOnlyList<JobEvent> Events { get; set; } = [];

    /// <summary>Whether a watch continues after the events until it is cancelled.</summary>
    public bool KeepsRunning { get; set; }

    public TaskCompletionSource Watching { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ImmutableArray<FailedDocument> Failures { get; set; } = [];

    public ImmutableArray<JobStatus> Jobs { get; set; } = [];

    public ImmutableArray<SearchHit> Hits { get; set; } = [];

    public ImmutableArray<ExportedPoint> Points { get; set; } = [];

    public JobExport Export { get; set; } = new(JobId.Parse("j1"), 0, []);

    public VerifyReport Verify { get; set; } = new() { Documents = 3, ExpectedPoints = 9 };

    public Task<JobStatus> SubmitAsync(JobSpec spec, CancellationToken cancellationToken = default)
    {
        Submitted = spec;
        return Answer(Job with { Spec = spec }, "submit");
    }

    public Task<JobStatus> GetJobAsync(JobId job, CancellationToken cancellationToken = default) =>
        Answer(Calls.Contains("watch") && !KeepsRunning ? Final : Job, "get");

    public Task<Page<JobStatus>> ListJobsAsync(JobListRequest request, CancellationToken cancellationToken = default)
    {
        Listed = request;
        return Answer(PageOf(Jobs, request.After, request.Limit), "list");
    }

    public Task<JobStatus> PauseJobAsync(JobId job, CancellationToken cancellationToken = default) => Answer(Job with { State = JobState.Paused }, "pause");

    public Task<JobStatus> ResumeJobAsync(JobId job, CancellationToken cancellationToken = default) => Answer(Job, "resume");

    public Task<JobStatus> CancelJobAsync(JobId job, CancellationToken cancellationToken = default) => Answer(Job with { State = JobState.Cancelled }, "cancel");

    public Task<JobStatus> RetryJobAsync(JobId job, CancellationToken cancellationToken = default) => Answer(Job, "retry");

    public Task<JobReport> GetReportAsync(JobId job, CancellationToken cancellationToken = default) => Answer(
        new JobReport
        {
            Status = KeepsRunning ? Job : Final with { Spec = Submitted ?? Final.Spec },
            DocumentsPerSecond = 41.6,
            ChunksPerSecond = 120,
            FirstFailures = [.. Failures.Take(10)],
        },
        "report");

    public Task<Page<FailedDocument>> ListFailuresAsync(JobId job, string? after = null, int limit = 100, CancellationToken cancellationToken = default) =>
        Answer(PageOf(Failures, after, 2), "failures");

    public Task<JobExport> ExportJobAsync(JobId job, CancellationToken cancellationToken = default) => Answer(Export, "exportJob");

    public async IAsyncEnumerable<JobEvent> WatchJobAsync(JobId job, long afterSequence = 0, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await Answer(0, "watch");
        foreach (var change in Events.Where(change => change.Sequence > afterSequence))
        {
            yield return change;
        }

        Watching.TrySetResult();
        if (KeepsRunning)
        {
            await _never.Task.WaitAsync(cancellationToken);
        }
    }

    public Task<Page<CollectionInfo>> ListCollectionsAsync(string? after = null, int limit = 100, CancellationToken cancellationToken = default) =>
        Answer(new Page<CollectionInfo> { Items = [Samples.Collection] }, "collections");

    public Task<CollectionInfo> GetCollectionAsync(CollectionName collection, CancellationToken cancellationToken = default) => Answer(Samples.Collection with { Index = Index }, "collection");

    public CollectionSettings? Settings { get; private set; }

    public ProviderInfo Provider { get; set; } = Samples.Provider;

    public IndexStatus? Index { get; set; }

    public string PendingFault { get; set; } = "The server is busy.";

    /// <summary>Whether changes take longer than the call.</summary>
    public bool IsChangePending { get; set; }

    public Task<CollectionInfo> CreateCollectionAsync(CollectionName collection, CollectionSettings settings, CancellationToken cancellationToken = default)
    {
        Settings = settings;
        return Answer(Samples.Collection with { Settings = settings }, "create");
    }

    public Task<CollectionInfo> ChangeCollectionAsync(CollectionName collection, CollectionSettings changes, CancellationToken cancellationToken = default)
    {
        Settings = changes;
        return Answer(IsChangePending ? Samples.Collection with { Pending = changes, PendingFault = PendingFault } : Samples.Collection with { Settings = changes }, "change");
    }

    public Task DeleteCollectionAsync(CollectionName collection, CancellationToken cancellationToken = default) => Answer(0, "delete");

    public async IAsyncEnumerable<ExportedPoint> ExportAsync(CollectionName collection, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await Answer(0, "export");
        foreach (var point in Points)
        {
            yield return point;
        }
    }

    public Task<VerifyReport> VerifyAsync(CollectionName collection, bool repair, CancellationToken cancellationToken = default) => Answer(Verify, repair ? "repair" : "verify");

    public Task<ImmutableArray<SearchHit>> SearchAsync(CollectionName collection, SearchRequest request, CancellationToken cancellationToken = default)
    {
        Searched = request;
        return Answer(Hits, "search");
    }

    public Task<ImmutableArray<FacetValue>> FacetAsync(CollectionName collection, FacetRequest request, CancellationToken cancellationToken = default)
    {
        Faceted = request;
        return Answer(Values, "facet");
    }

    public Task<ImmutableArray<ProviderInfo>> ListProvidersAsync(CancellationToken cancellationToken = default) => Answer<ImmutableArray<ProviderInfo>>([Provider], "providers");

    public Task<ProviderTest> TestProviderAsync(string provider, CancellationToken cancellationToken = default) => Answer(
        new ProviderTest { Provider = Provider with { Name = provider }, Latency = TimeSpan.FromMilliseconds(81), Dimensions = 1536, Tokens = 7 }, "test");

    public Task<TenantUsage> GetUsageAsync(CancellationToken cancellationToken = default) => Answer(new TenantUsage { Jobs = 2, EmbeddedTokens = 1_200_000, Cost = 0.024m }, "usage");

    private static Page<T> PageOf<T>(ImmutableArray<T> items, string? after, int limit)
    {
        var start = after is null ? 0 : int.Parse(after, System.Globalization.CultureInfo.InvariantCulture);
        var end = Math.Min(items.Length, start + limit);
        return new() { Items = items[start..end], Next = end < items.Length ? $"{end}" : null };
    }

    private Task<T> Answer<T>(T value, string call)
    {
        Calls.Enqueue(call);
        return Fault is null ? Task.FromResult(value) : Task.FromException<T>(Fault);
    }
}
