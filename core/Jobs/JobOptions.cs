using System.ComponentModel.DataAnnotations;
using Quiver.Core.Resilience;

namespace Quiver.Core.Jobs;

/// <summary>Settings of jobs: section <c>Quiver:Jobs</c>.</summary>
public sealed class JobOptions
{
    /// <summary>
    /// Batches of one job in flight, 1 to 64, unless the job sets it; for a remote model, batches that use the model at the same time.
    /// Default: 4.
    /// </summary>
    [Range(1, 64)]
    public int MaxInFlight { get; set; } = 4;

    /// <summary>Documents in a batch, 1 to 1,000. Default: 64.</summary>
    [Range(1, 1000)]
    public int BatchDocuments { get; set; } = 64;

    /// <summary>Characters in a batch, 1,024 to 16,777,216; a larger document gets a batch of its own. Default: 32,768.</summary>
    [Range(1024, 16 * 1024 * 1024)]
    public int BatchCharacters { get; set; } = 32 * 1024;

    /// <summary>
    /// The maximum number of chunks that one worker call embeds, 16 to 4,096; with a slow model a call takes fewer and the next call
    /// continues. Default: 256.
    /// </summary>
    [Range(16, 4096)]
    public int MaxChunksPerCall { get; set; } = 256;

    /// <summary>Points in one upsert, 1 to 256. Default: 128.</summary>
    [Range(1, 256)]
    public int UpsertPoints { get; set; } = 128;

    /// <summary>Bytes of vectors and texts in one upsert, 65,536 to 33,554,432. Default: 5,000,000.</summary>
    [Range(65536, 32 * 1024 * 1024)]
    public int UpsertBytes { get; set; } = 5_000_000;

    /// <summary>The maximum ratio of failed documents, 0 to 1, unless the job sets it. Default: 0.05.</summary>
    [Range(0.0, 1.0)]
    public double MaxFailureRatio { get; set; } = 0.05;

    /// <summary>Tokens that a chunk repeats from the previous one, 0 to 64, unless the job sets it. Default: 12.</summary>
    [Range(0, 64)]
    public int OverlapTokens { get; set; } = 12;

    /// <summary>The minimum time between two checkpoints, 10 ms to 1 min. Default: 1 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")]
    public TimeSpan CheckpointInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Attempts at a batch, at opening a source, at continuing to read without a new record, and at a step of mirroring, before the job fails, 1 to 100.
    /// Throttling and an open circuit count only toward <see cref="OutageLimit"/>; waits for Quiver's own budget or limits count toward nothing. Default: 8.
    /// </summary>
    [Range(1, 100)]
    public int MaxAttempts { get; set; } = 8;

    /// <summary>The first wait before another attempt, 1 ms to 1 min. Default: 500 ms.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:01:00")]
    public TimeSpan RetryBaseDelay { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>The longest wait before another attempt, 1 ms to 1 h. Default: 30 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "01:00:00")]
    public TimeSpan RetryMaxDelay { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How long a job waits without progress while the provider's circuit breaker is open, or while provider, store or source throttle it, before it fails,
    /// 1 s to 7 days. Default: 1 h.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "7.00:00:00")]
    public TimeSpan OutageLimit { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How long a running job goes without a worker's answer before it reports a stall, 1 s to 1 h. Default: 1 min.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan StallAfter { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How long a stopping silo waits for the batches in flight, 100 ms to 10 min. Default: 15 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")]
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>The limit of running jobs per tenant, 1 to 1,000; further jobs wait in order. Default: 2.</summary>
    [Range(1, 1000)]
    public int MaxRunningPerTenant { get; set; } = 2;

    /// <summary>The limit of queued jobs per tenant, 1 to 10,000; further jobs are refused. Default: 1,000.</summary>
    [Range(1, 10000)]
    public int MaxQueuedPerTenant { get; set; } = 1000;

    /// <summary>How many ended jobs are kept per tenant, the newest ones, 1 to 100,000; what they stored stays stored. Default: 1,000.</summary>
    [Range(1, 100_000)]
    public int KeepFinished { get; set; } = 1000;

    /// <summary>How long a job is kept after it ended, 1 min to 3,650 days. Default: 90 days.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "3650.00:00:00")]
    public TimeSpan KeepFinishedFor { get; set; } = TimeSpan.FromDays(90);
}
