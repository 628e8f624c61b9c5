using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Quiver.Client;
using Quiver.Client.Requests;
using Quiver.GrainInterfaces.Providers;
using Quiver.GrainInterfaces.Tenants;

namespace Quiver.Tests.Integration.Api;

/// <summary>A scripted client behind the API, for tests of the protocol: records its calls.</summary>
internal sealed class ScriptedQuiverClient : IQuiverClient, IQuiverClientFactory
{
    public static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public TenantId Tenant { get; private set; } = TenantId.Parse("default");

    /// <summary>Thrown by every call, once each while the queue lasts.</summary>
    public ConcurrentQueue<Exception> Faults { get; } = new();

    public ConcurrentQueue<string> Calls { get; } = new();

    public ConcurrentQueue<TenantId> Tenants { get; } = new();

    public ConcurrentQueue<JobSpec> Submitted { get; } = new();

    public ConcurrentQueue<long> WatchedAfter { get; } = new();

    public JobListRequest? Listed { get; private set; }

    public SearchRequest? Searched { get; private set; }

    public FacetRequest? Faceted { get; private set; }

    public bool? Repaired { get; private set; }

    /// <summary>What a watch yields after <see cref="History"/>; completing it ends the watch.</summary>
    public Channel<JobEvent> Live { get; set; } = Channel.CreateUnbounded<JobEvent>();

    public ImmutableArray<JobEvent> History { get; set; } = [];

    /// <summary>Set when a watch waits for live events.</summary>
    public TaskCompletionSource Watching { get; set; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ImmutableArray<ExportedPoint> Points { get; set; } = [];

    /// <summary>Thrown after the points.</summary>
    public Exception? ExportFault { get; set; }

    public static JobStatus Status(JobSpec? spec = null, JobState state = JobState.Running) => new()
    {
        Id = JobId.Parse("job-1"),
        Spec = spec ?? Spec(),
        State = state,
        CreatedAt = Start,
        Elapsed = TimeSpan.FromMilliseconds(1500),
        Counters = new JobCounters { Documents = 3, Stored = 2, Failed = 1 },
    };

    public static JobSpec Spec() => new()
    {
        Tenant = TenantId.Parse("default"),
        Collection = CollectionName.Parse("docs"),
        Source = new() { Paths = ["/data"] },
    };

    public static JobEvent Event(long sequence, JobState state = JobState.Running, JobEventKind kind = JobEventKind.BatchCommitted) => new()
    {
        Sequence = sequence,
        Kind = kind,
        At = Start.AddSeconds(sequence),
        State = state,
        Counters = new JobCounters { Documents = sequence },
        LastCommittedIndex = sequence - 1,
    };

    public IQuiverClient Create(TenantId tenant)
    {
        Tenants.Enqueue(tenant);
        Tenant = tenant;
        return this;
    }

    public Task<JobStatus> SubmitAsync(JobSpec spec, CancellationToken cancellationToken = default)
    {
        Submitted.Enqueue(spec);
        return Answer(Status(spec, JobState.Queued));
    }

    public Task<JobStatus> GetJobAsync(JobId job, CancellationToken cancellationToken = default) => Answer(Status());

    public Task<Page<JobStatus>> ListJobsAsync(JobListRequest request, CancellationToken cancellationToken = default)
    {
        Listed = request;
        return Answer(new Page<JobStatus> { Items = [Status()], Next = "more" });
    }

    public Task<JobStatus> PauseJobAsync(JobId job, CancellationToken cancellationToken = default) => Answer(Status(state: JobState.Paused));

    public Task<JobStatus> ResumeJobAsync(JobId job, CancellationToken cancellationToken = default) => Answer(Status());

    public Task<JobStatus> CancelJobAsync(JobId job, CancellationToken cancellationToken = default) => Answer(Status(state: JobState.Cancelled));

    public Task<JobStatus> RetryJobAsync(JobId job, CancellationToken cancellationToken = default) => Answer(Status(state: JobState.Queued));

    public Task<JobReport> GetReportAsync(JobId job, CancellationToken cancellationToken = default) => Answer(new JobReport
    {
        Status = Status(state: JobState.CompletedWithWarnings),
        DocumentsPerSecond = 2,
        ChunksPerSecond = 0.1,
        FailuresByCode = ImmutableDictionary<string, long>.Empty.Add(ErrorCodes.MissingText, 1),
        FirstFailures = [new() { Ordinal = 2, DocumentId = "c", Code = ErrorCodes.MissingText, Reason = "No text.", At = Start }],
    });

    public Task<JobExport> ExportJobAsync(JobId job, CancellationToken cancellationToken = default) => Answer(new JobExport(job, 1,
    [
        new()
        {
            Name = "report.json",
            Bytes = 7,
            ContentType = "application/json",
            Link = new("/artifacts/token", UriKind.Relative),
            ExpiresAt = Start,
            Location = "/data/artifacts/report.json",
        },
    ]));

    public Task<Page<FailedDocument>> ListFailuresAsync(JobId job, string? after = null, int limit = 100, CancellationToken cancellationToken = default) =>
        Answer(new Page<FailedDocument> { Items = [new() { Ordinal = 2, DocumentId = $"{after}/{limit}", Code = "c", Reason = "r", At = Start }] });

    public async IAsyncEnumerable<JobEvent> WatchJobAsync(
        JobId job, long afterSequence = 0, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        WatchedAfter.Enqueue(afterSequence);
        foreach (var item in History.Where(item => item.Sequence > afterSequence))
        {
            yield return item;
        }

        Watching.TrySetResult();
        await foreach (var item in Live.Reader.ReadAllAsync(cancellationToken))
        {
            yield return item;
        }
    }

    public Task<Page<CollectionInfo>> ListCollectionsAsync(string? after = null, int limit = 100, CancellationToken cancellationToken = default) =>
        Answer(new Page<CollectionInfo> { Items = [Info("docs")] });

    public Task<CollectionInfo> GetCollectionAsync(CollectionName collection, CancellationToken cancellationToken = default) => Answer(Info(collection.Value));

    public Task<CollectionInfo> CreateCollectionAsync(CollectionName collection, CollectionSettings settings, CancellationToken cancellationToken = default) =>
        Answer(Info(collection.Value) with { Settings = settings });

    public Task<CollectionInfo> ChangeCollectionAsync(CollectionName collection, CollectionSettings changes, CancellationToken cancellationToken = default) =>
        Answer(changes.Storage is null ? Info(collection.Value) with { Settings = changes } : Info(collection.Value) with { Pending = changes });

    public Task<CollectionInfo> ResetModelCheckAsync(CollectionName collection, CancellationToken cancellationToken = default) => Answer(Info(collection.Value));

    public Task DeleteCollectionAsync(CollectionName collection, CancellationToken cancellationToken = default) => Answer(true);

    public async IAsyncEnumerable<ExportedPoint> ExportAsync(CollectionName collection, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await Answer(true);
        foreach (var point in Points)
        {
            yield return point;
        }

        if (ExportFault is not null)
        {
            throw ExportFault;
        }
    }

    public (string Document, string? After, int Limit)? ListedChunks { get; private set; }

    public ChunkPreviewRequest? Previewed { get; private set; }

    public Task<Page<DocumentChunk>> ListChunksAsync(
        CollectionName collection, string document, string? after = null, int limit = 100, CancellationToken cancellationToken = default)
    {
        ListedChunks = (document, after, limit);
        return Answer(new Page<DocumentChunk> { Items = [Chunk(document)], Next = "7" });
    }

    public Task<ChunkPreview> PreviewChunksAsync(ChunkPreviewRequest request, CancellationToken cancellationToken = default)
    {
        Previewed = request;
        return Answer(new ChunkPreview { Model = "m@1", MaxTokens = 128, OverlapTokens = 12, Documents = 1, Chunks = 1, Tokens = 5, Items = [Chunk(request.Name)] });
    }

    public Task<VerifyReport> VerifyAsync(CollectionName collection, bool repair, CancellationToken cancellationToken = default)
    {
        Repaired = repair;
        return Answer(new VerifyReport { Documents = 3, ExpectedPoints = 9, MissingPoints = 1, Differing = ["a"] });
    }

    public Task<SearchResult> SearchAsync(CollectionName collection, SearchRequest request, CancellationToken cancellationToken = default)
    {
        Searched = request;
        return Answer(new SearchResult
        {
            Mode = SearchMode.Hybrid,
            Hits =
            [
                new()
                {
                    Id = Guid.Empty, Score = 0.5f, DocumentId = "ä.md", Chunk = 0, Text = "Grüße", Title = "Brief", Headings = ["Anrede"],
                    Dense = new(2, 0.25f), Lexical = new(1, 7.5f), Highlights = [new(0, 5)],
                },
                new() { Id = Guid.Empty, Score = 0.25f, DocumentId = "b.md", Chunk = 0, Text = "b", Dense = new(1, 0.5f) },
            ],
            Notes = [new(SearchNoteCodes.QueryTruncated, "The query is long.")],
        });
    }

    public Task<ImmutableArray<FacetValue>> FacetAsync(CollectionName collection, FacetRequest request, CancellationToken cancellationToken = default)
    {
        Faceted = request;
        return Answer(ImmutableArray.Create(new FacetValue("ä.md", 3_000_000_000)));
    }

    public Task<ImmutableArray<ProviderInfo>> ListProvidersAsync(CancellationToken cancellationToken = default) =>
        Answer<ImmutableArray<ProviderInfo>>([new ProviderInfo { Name = "local", Kind = "onnx", IsDefault = true, Dimensions = 512, MaxTokens = 512 }]);

    public Task<ProviderTest> TestProviderAsync(string provider, CancellationToken cancellationToken = default) =>
        Answer(new ProviderTest { Provider = new ProviderInfo { Name = provider, Kind = "openai" }, Latency = TimeSpan.FromMilliseconds(12), Dimensions = 3, Tokens = 7 });

    public Task<TenantUsage> GetUsageAsync(CancellationToken cancellationToken = default) => Answer(new TenantUsage { Jobs = 1, EmbeddedTokens = 1000, Cost = 0.5m });

    private static DocumentChunk Chunk(string document) => new() { DocumentId = document, Chunk = 6, Text = "Grüße", Title = "Brief", Headings = ["Anrede"] };

    private static CollectionInfo Info(string name) => new()
    {
        Name = CollectionName.Parse(name),
        PhysicalCollection = "quiver_m_3d",
        Model = "m@1",
        Dimensions = 3,
        CreatedAt = Start,
    };

    private Task<T> Answer<T>(T value, [CallerMemberName] string call = "")
    {
        Calls.Enqueue(call);
        return Faults.TryDequeue(out var fault) ? Task.FromException<T>(fault) : Task.FromResult(value);
    }
}
