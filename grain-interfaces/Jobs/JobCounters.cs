namespace Quiver.GrainInterfaces.Jobs;

/// <summary>
/// What a job has done so far; never decreases within a run. Counts cover committed batches only, except for model usage
/// (<see cref="EmbeddedTexts"/>, <see cref="EmbeddingCalls"/>, <see cref="EmbeddedTokens"/>, <see cref="Cost"/>): which covers every answer, once, over
/// all attempts, runs and retries of the job.
/// </summary>
[GenerateSerializer, Immutable, Alias("quiver.job-counters.v1")]
public sealed record JobCounters
{
    /// <summary>No work.</summary>
    public static JobCounters Zero { get; } = new();

    /// <summary>Documents finished, with any outcome.</summary>
    [Id(0)] public long Documents { get; init; }

    /// <summary>Documents embedded and stored.</summary>
    [Id(1)] public long Stored { get; init; }

    /// <summary>Documents not stored because the collection holds them already; with <see cref="SyncMode.Append"/> also when their content changed.</summary>
    [Id(2)] public long Unchanged { get; init; }

    /// <summary>Documents that failed alone.</summary>
    [Id(3)] public long Failed { get; init; }

    /// <summary>Documents deleted because a mirrored source no longer has them.</summary>
    [Id(4)] public long Deleted { get; init; }

    /// <summary>Chunks of the stored documents.</summary>
    [Id(5)] public long Chunks { get; init; }

    /// <summary>Tokens of these chunks.</summary>
    [Id(6)] public long Tokens { get; init; }

    /// <summary>Texts that the model embedded: chunks that neither the cache nor a duplicate answered.</summary>
    [Id(7)] public long EmbeddedTexts { get; init; }

    /// <summary>Chunks answered by the embedding cache.</summary>
    [Id(8)] public long CacheHits { get; init; }

    /// <summary>Points that the vector store acknowledged.</summary>
    [Id(9)] public long PointsWritten { get; init; }

    /// <summary>Points deleted.</summary>
    [Id(10)] public long PointsDeleted { get; init; }

    /// <summary>Bytes of text of the finished documents.</summary>
    [Id(11)] public long Bytes { get; init; }

    /// <summary>Documents left to a newer job, or to a later record with the same id.</summary>
    [Id(12)] public long Superseded { get; init; }

    /// <summary>Failures that may hide documents other than those that they name; a mirroring job with any of them deletes nothing.</summary>
    [Id(13)] public long Unidentified { get; init; }

    /// <summary>Records that replaced an earlier record with the same id in this job: the ids are not unique.</summary>
    [Id(14)] public long Overwritten { get; init; }

    /// <summary>Requests for embeddings that the model or provider answered with vectors.</summary>
    [Id(15)] public long EmbeddingCalls { get; init; }

    /// <summary>Tokens that the model or provider computed, as it counts them; cache hits are not included.</summary>
    [Id(16)] public long EmbeddedTokens { get; init; }

    /// <summary>
    /// What <see cref="EmbeddedTokens"/> cost at the provider's configured price, in the price's currency; in a dry run what it would cost.
    /// 0 without a price.
    /// </summary>
    [Id(17)] public decimal Cost { get; init; }

    /// <summary>Objects of the source that were replaced or deleted while they were read, and then read again. A retry keeps the count.</summary>
    [Id(18)] public long SourceChanges { get; init; }

    /// <summary>Stored chunks of which most tokens are unknown to the model, such as those in a script that it was not made for.</summary>
    [Id(19)] public long UnknownChunks { get; init; }

    /// <summary>Documents stored without their front matter, because it is not valid.</summary>
    [Id(20)] public long MalformedFrontMatter { get; init; }

    /// <summary>Returns the sum, count by count.</summary>
    public JobCounters Add(JobCounters other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return new()
        {
            Documents = Documents + other.Documents,
            Stored = Stored + other.Stored,
            Unchanged = Unchanged + other.Unchanged,
            Failed = Failed + other.Failed,
            Deleted = Deleted + other.Deleted,
            Chunks = Chunks + other.Chunks,
            Tokens = Tokens + other.Tokens,
            EmbeddedTexts = EmbeddedTexts + other.EmbeddedTexts,
            CacheHits = CacheHits + other.CacheHits,
            PointsWritten = PointsWritten + other.PointsWritten,
            PointsDeleted = PointsDeleted + other.PointsDeleted,
            Bytes = Bytes + other.Bytes,
            Superseded = Superseded + other.Superseded,
            Unidentified = Unidentified + other.Unidentified,
            Overwritten = Overwritten + other.Overwritten,
            EmbeddingCalls = EmbeddingCalls + other.EmbeddingCalls,
            EmbeddedTokens = EmbeddedTokens + other.EmbeddedTokens,
            Cost = Cost + other.Cost,
            SourceChanges = SourceChanges + other.SourceChanges,
            UnknownChunks = UnknownChunks + other.UnknownChunks,
            MalformedFrontMatter = MalformedFrontMatter + other.MalformedFrontMatter,
        };
    }
}
