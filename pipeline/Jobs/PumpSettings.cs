namespace Quiver.Pipeline.Jobs;

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
    public int MaxWindow => 2 * MaxInFlight;

    /// <summary>For how long a batch waits for a provider that is left alone.</summary>
    public TimeSpan OutageLimit { get; init; } = TimeSpan.FromHours(1);

    public static PumpSettings For(JobSpec spec, JobOptions options) => new(
        spec.MaxInFlight ?? options.MaxInFlight,
        options.BatchDocuments,
        options.BatchCharacters,
        options.MaxAttempts,
        options.CheckpointInterval)
    {
        OutageLimit = options.OutageLimit,
    };
}
