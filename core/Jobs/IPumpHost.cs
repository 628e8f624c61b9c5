using Quiver.Core.Sources;
using Quiver.GrainInterfaces.Workers;

namespace Quiver.Core.Jobs;

/// <summary>
/// What a pump needs from its owner. The pump calls the members one at a time, except <see cref="ProcessAsync"/>, which it calls concurrently up
/// to its limit.
/// </summary>
internal interface IPumpHost
{
    /// <summary>Chunks, embeds and stores a batch.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="from">Where its first document continues; null for the document's start.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    Task<BatchResult> ProcessAsync(Batch batch, ChunkCursor? from, CancellationToken cancellationToken);

    /// <summary>Makes the committed prefix durable.</summary>
    /// <param name="cursor">Everything before it is stored.</param>
    /// <param name="counters">What was done for it.</param>
    Task CheckpointAsync(SourceCursor cursor, JobCounters counters);

    /// <summary>Reports a wait before another attempt.</summary>
    /// <param name="code">The reason: a stable code.</param>
    /// <param name="message">The reason: a sentence.</param>
    void Stalled(string code, string message);

    /// <summary>Reports that batches are being committed.</summary>
    void Progressed();
}
