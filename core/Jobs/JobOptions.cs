using System.ComponentModel.DataAnnotations;
using Quiver.Core.Resilience;

namespace Quiver.Core.Jobs;

/// <summary>How jobs run: section <c>Quiver:Jobs</c>.</summary>
public sealed class JobOptions
{
    /// <summary>Batches of one job in flight, 1 to 64, unless the job says otherwise; with a remote model, those that are at the model. Default: 4.</summary>
    [Range(1, 64)]
    public int MaxInFlight { get; set; } = 4;

    /// <summary>Documents in a batch, 1 to 1,000. Default: 64.</summary>
    [Range(1, 1000)]
    public int BatchDocuments { get; set; } = 64;

    /// <summary>Characters in a batch, 1,024 to 16,777,216; a larger document travels alone. Default: 32,768.</summary>
    [Range(1024, 16 * 1024 * 1024)]
    public int BatchCharacters { get; set; } = 32 * 1024;

    /// <summary>The most chunks that one worker call embeds, 16 to 4,096; a call takes fewer where the model is slow, and what is left goes into the next call. Default: 256.</summary>
    [Range(16, 4096)]
    public int MaxChunksPerCall { get; set; } = 256;

    /// <summary>Points in one upsert, 1 to 256. Default: 128.</summary>
    [Range(1, 256)]
    public int UpsertPoints { get; set; } = 128;

    /// <summary>Bytes of vectors and texts in one upsert, 65,536 to 33,554,432. Default: 5,000,000.</summary>
    [Range(65536, 32 * 1024 * 1024)]
    public int UpsertBytes { get; set; } = 5_000_000;

    /// <summary>The tolerated part of failed documents, 0 to 1, unless the job says otherwise. Default: 0.05.</summary>
    [Range(0.0, 1.0)]
    public double MaxFailureRatio { get; set; } = 0.05;

    /// <summary>Tokens that a chunk repeats from the one before, 0 to 64, unless the job says otherwise. Default: 12.</summary>
    [Range(0, 64)]
    public int OverlapTokens { get; set; } = 12;

    /// <summary>The least time between two checkpoints, 10 ms to 1 min. Default: 1 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")]
    public TimeSpan CheckpointInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Attempts at a batch, at opening a source, at reading on without a new record, and at a step of mirroring, before the job fails, 1 to 100;
    /// waits that the other side asked for do not count, but for <see cref="OutageLimit"/>. Default: 8.
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
    /// A job fails that nothing has come through for this long because its provider is left alone, or because provider, store or source ask it to slow down,
    /// 1 s to 7 days. Default: 1 h.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "7.00:00:00")]
    public TimeSpan OutageLimit { get; set; } = TimeSpan.FromHours(1);

    /// <summary>A running job without a commit for this long says that it is stalled, 1 s to 1 h. Default: 1 min.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan StallAfter { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How long a stopping silo waits for the batches in flight, 100 ms to 10 min. Default: 15 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")]
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Jobs of a tenant that run at a time, 1 to 1,000; the others wait in order. Default: 2.</summary>
    [Range(1, 1000)]
    public int MaxRunningPerTenant { get; set; } = 2;

    /// <summary>Jobs of a tenant that may wait, 1 to 10,000; more are refused. Default: 1,000.</summary>
    [Range(1, 10000)]
    public int MaxQueuedPerTenant { get; set; } = 1000;

    /// <summary>Jobs of a tenant that are kept after their end, the newest ones, 1 to 100,000; what they stored stays in any case. Default: 1,000.</summary>
    [Range(1, 100_000)]
    public int KeepFinished { get; set; } = 1000;

    /// <summary>How long a job is kept after its end, 1 min to 3,650 days. Default: 90 days.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "3650.00:00:00")]
    public TimeSpan KeepFinishedFor { get; set; } = TimeSpan.FromDays(90);
}
