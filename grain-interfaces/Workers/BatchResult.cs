namespace Quiver.GrainInterfaces.Workers;

/// <summary>What became of a batch; everything it counts is stored and acknowledged.</summary>
[GenerateSerializer, Immutable, Alias("quiver.batch-result.v1")]
public sealed record BatchResult
{
    /// <summary>What was done.</summary>
    [Id(0)]
    public required JobCounters Counters { get; init; }

    /// <summary>Where the next call for this batch's single large document goes on; null when the batch is finished.</summary>
    [Id(1)]
    public int? NextChunk { get; init; }
}
