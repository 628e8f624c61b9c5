using Quiver.Core.Resilience;

namespace Quiver.Core.Jobs;

/// <summary>What one run of a job's pump keeps to.</summary>
/// <param name="MaxInFlight">Batches in flight.</param>
/// <param name="BatchDocuments">Documents in a batch.</param>
/// <param name="BatchCharacters">Characters in a batch.</param>
/// <param name="MaxAttempts">Attempts at a batch.</param>
/// <param name="CheckpointInterval">The least time between two checkpoints.</param>
internal sealed record PumpSettings(int MaxInFlight, int BatchDocuments, int BatchCharacters, int MaxAttempts, TimeSpan CheckpointInterval)
{
    /// <summary>
    /// Batches started and not yet part of the committed prefix: a slow first batch shall not idle the others at once, yet what a crash
    /// makes to be looked at again stays bounded.
    /// </summary>
    public int MaxWindow => MaxInFlight + MaxUnderWay;

    /// <summary>
    /// Batches under way besides those that count as in flight: with a remote model those are at the model, and twice as many are cut or stored
    /// meanwhile. Storing would leave the service idle otherwise.
    /// </summary>
    public int Beside { get; init; }

    /// <summary>Batches under way at most.</summary>
    public int MaxUnderWay => MaxInFlight + Beside;

    /// <summary>For how long the other side may ask to wait without anything coming through.</summary>
    public TimeSpan OutageLimit { get; init; } = TimeSpan.FromHours(1);

    /// <summary>The tolerated part of failed documents; 1 tolerates all.</summary>
    public double MaxFailureRatio { get; init; } = 1;

    /// <summary>How many documents the source was said to have; null when unknown.</summary>
    public long? ExpectedDocuments { get; init; }

    /// <summary>The settings of a job.</summary>
    /// <param name="spec">The job.</param>
    /// <param name="options">The defaults.</param>
    /// <param name="remoteModel">Whether its model is reached over the network.</param>
    /// <param name="silos">Silos that share its batches; with fewer batches than silos none may wait beside those at the model, or each silo would have one there.</param>
    public static PumpSettings For(JobSpec spec, JobOptions options, bool remoteModel, int silos) => new(
        spec.MaxInFlight ?? options.MaxInFlight,
        options.BatchDocuments,
        options.BatchCharacters,
        options.MaxAttempts,
        options.CheckpointInterval)
    {
        OutageLimit = options.OutageLimit,

        // A dry run is made to see everything that would fail.
        MaxFailureRatio = spec.DryRun ? 1 : spec.MaxFailureRatio ?? options.MaxFailureRatio,
        Beside = remoteModel && (spec.MaxInFlight ?? options.MaxInFlight) >= silos ? 2 * (spec.MaxInFlight ?? options.MaxInFlight) : 0,
    };

    /// <summary>Batches that one silo may have at a remote model, so that all together keep to what the job may.</summary>
    /// <param name="maxInFlight">What the job may; 1 or more.</param>
    /// <param name="silos">Silos that share its batches; 1 or more.</param>
    public static int ShareOf(int maxInFlight, int silos) => Math.Max(1, maxInFlight / silos);
}
