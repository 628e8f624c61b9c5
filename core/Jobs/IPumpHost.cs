using Quiver.Core.Sources;
using Quiver.GrainInterfaces.Workers;

namespace Quiver.Core.Jobs;

/// <summary>What a pump needs from whoever runs it. Members are called from the pump's own flow, one at a time, but <see cref="ProcessAsync"/>, which runs up to the limit at once.</summary>
internal interface IPumpHost
{
    /// <summary>Chunks, embeds and stores a batch.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="from">Where its first record goes on; null for its beginning.</param>
    /// <param name="cancellationToken">Stops it.</param>
    Task<BatchResult> ProcessAsync(SourceBatch batch, ChunkPlace? from, CancellationToken cancellationToken);

    /// <summary>Makes the committed prefix durable.</summary>
    /// <param name="cursor">Everything before it is stored.</param>
    /// <param name="counters">What was done for it.</param>
    Task CheckpointAsync(SourceCursor cursor, JobCounters counters);

    /// <summary>Tells that a batch waits before another attempt.</summary>
    /// <param name="code">Why: a stable code.</param>
    /// <param name="message">Why: a sentence.</param>
    void Stalled(string code, string message);

    /// <summary>Tells that batches come through.</summary>
    void Progressed();
}
