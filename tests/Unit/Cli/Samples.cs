using Quiver.GrainInterfaces.Providers;

namespace Quiver.Tests.Unit.Cli;

internal static class Samples
{
    public static readonly DateTimeOffset Now = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);

    public static CollectionInfo Collection { get; } = new()
    {
        Name = CollectionName.Parse("books"),
        PhysicalCollection = "quiver_all-MiniLM-L6-v2_384d",
        Model = "all-MiniLM-L6-v2@1",
        Dimensions = 384,
        Documents = 3,
        Points = 9,
        Generation = 2,
        CreatedAt = Now.AddDays(-3),
    };

    public static JobStatus Job(JobState state, bool active = false, JobCounters? counters = null) => new()
    {
        Id = JobId.Parse("job-1"),
        Spec = new() { Tenant = TenantId.Parse("default"), Collection = CollectionName.Parse("books"), Source = new() { Paths = ["/data"] } },
        State = state,
        Active = active,
        Counters = counters ?? new() { Documents = 10, Stored = 7, Unchanged = 2, Failed = 1, Chunks = 1_234, Tokens = 99_999, PointsWritten = 1_234, EmbeddedTexts = 1_200, CacheHits = 34 },
        LastCommittedIndex = 9,
        LastEventSequence = 0,
        CreatedAt = Now.AddMinutes(-5),
        Elapsed = TimeSpan.FromSeconds(12.34),
    };

    public static JobEvent Event(long sequence, JobState state, long documents, long? expected = null, JobEventKind kind = JobEventKind.BatchCommitted) => new()
    {
        Sequence = sequence,
        Kind = kind,
        At = Now,
        State = state,
        Counters = new() { Documents = documents, Chunks = documents * 3 },
        ExpectedDocuments = expected,
    };

    public static FailedDocument Failure(long ordinal) => new()
    {
        Ordinal = ordinal,
        DocumentId = $"data.jsonl:{ordinal + 1}",
        Code = ErrorCodes.MissingText,
        Reason = "The record has no field 'text'.",
        At = Now,
    };

    public static SearchHit Hit(string text, int startLine = 10) => new()
    {
        Id = Guid.Parse("5b6f2f0a-0000-5000-8000-000000000001"),
        Score = 0.8125f,
        DocumentId = "docs/operating.md",
        Chunk = 0,
        Text = text,
        StartLine = startLine,
        EndLine = startLine + text.Count(c => c == '\n'),
    };

    public static DocumentChunk Chunk { get; } = new()
    {
        DocumentId = "guide.md",
        Chunk = 2,
        StartChar = 40,
        EndChar = 57,
        StartLine = 3,
        EndLine = 4,
        Title = "Guide",
        Headings = ["Guide", "Linux"],
        Text = "First.\n\tSecond.",
    };

    public static ProviderInfo Provider { get; } = new()
    {
        Name = "openai",
        Kind = "openai",
        IsDefault = true,
        Address = "https://api.openai.com/v1/embeddings",
        Model = "text-embedding-3-small@1",
        Dimensions = 1536,
        MaxTokens = 8191,
        MaxInputs = 2048,
        MaxTokensPerRequest = 300_000,
        MaxConcurrency = 64,
        RequestsPerMinute = 3000,
        PricePerMillionTokens = 0.02m,
    };
}
