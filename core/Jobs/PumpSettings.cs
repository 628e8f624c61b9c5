using Quiver.Core.Resilience;

namespace Quiver.Core.Jobs;

/// <summary>The settings of one run of a job's pump.</summary>
/// <param name="MaxInFlight">Batches in flight; for a remote model, those at the model.</param>
/// <param name="BatchDocuments">Documents in a batch.</param>
/// <param name="BatchCharacters">Characters in a batch.</param>
/// <param name="MaxAttempts">Attempts at a batch.</param>
/// <param name="CheckpointInterval">The minimum time between two checkpoints.</param>
internal sealed record PumpSettings(int MaxInFlight, int BatchDocuments, int BatchCharacters, int MaxAttempts, TimeSpan CheckpointInterval)
{
    /// <summary>
    /// The limit of batches started and not yet committed. A slow first batch should not idle the others at once, yet the work that a crash
    /// repeats stays bounded.
    /// </summary>
    public int MaxWindow => MaxInFlight + MaxConcurrent;

    /// <summary>
    /// Further concurrent batches besides <see cref="MaxInFlight"/>. With a remote model, the batches in flight use the model, and twice as many are chunked
    /// or stored meanwhile; otherwise storing would leave the model idle.
    /// </summary>
    public int OutsideModel { get; init; }

    /// <summary>The limit of concurrent batches.</summary>
    public int MaxConcurrent => MaxInFlight + OutsideModel;

    /// <summary>How long a run waits without progress while the remote side throttles or has an outage.</summary>
    public TimeSpan OutageLimit { get; init; } = TimeSpan.FromHours(1);

    /// <summary>The maximum ratio of failed documents; 1 tolerates all.</summary>
    public double MaxFailureRatio { get; init; } = 1;

    /// <summary>The number of documents that the source announced; null when unknown.</summary>
    public long? ExpectedDocuments { get; init; }

    /// <summary>Returns the settings of a job.</summary>
    /// <param name="spec">The job.</param>
    /// <param name="options">The defaults.</param>
    /// <param name="remoteModel">Whether its model is reached over the network.</param>
    /// <param name="silos">Silos that share its batches; with fewer batches than silos, none are outside the model, or each silo would send one to it.</param>
    public static PumpSettings For(JobSpec spec, JobOptions options, bool remoteModel, int silos) => new(
        spec.MaxInFlight ?? options.MaxInFlight,
        options.BatchDocuments,
        options.BatchCharacters,
        options.MaxAttempts,
        options.CheckpointInterval)
    {
        OutageLimit = options.OutageLimit,

        // A dry run lists everything that would fail.
        MaxFailureRatio = spec.DryRun ? 1 : spec.MaxFailureRatio ?? options.MaxFailureRatio,
        OutsideModel = remoteModel && (spec.MaxInFlight ?? options.MaxInFlight) >= silos ? 2 * (spec.MaxInFlight ?? options.MaxInFlight) : 0,
    };

    /// <summary>Returns one silo's share of the batches that may use a remote model at the same time.</summary>
    /// <param name="maxInFlight">The limit of the job; 1 or more.</param>
    /// <param name="silos">Silos that share its batches; 1 or more.</param>
    public static int ShareOf(int maxInFlight, int silos) => Math.Max(1, maxInFlight / silos);
}
