namespace Quiver.GrainInterfaces.Workers;

/// <summary>What became of a batch; everything it counts is stored and acknowledged.</summary>
[GenerateSerializer, Immutable, Alias("quiver.batch-result.v1")]
public sealed record BatchResult
{
    /// <summary>What was done; what was used of the model is not in it but in <see cref="Usage"/>, because failed attempts use it, too.</summary>
    [Id(0)]
    public required JobCounters Counters { get; init; }

    /// <summary>Where the next call goes on in its first record, which this call only began; null starts it from the beginning.</summary>
    [Id(1)]
    public ChunkPlace? NextPlace { get; init; }

    /// <summary>The index in <see cref="BatchRequest.Items"/> of the first record left for the next call; null when the batch is finished.</summary>
    [Id(2)]
    public int? NextItem { get; init; }

    /// <summary>What the job has used of its model at this silo, this batch included; null where nothing measures it.</summary>
    [Id(3)]
    public UsageReading? Usage { get; init; }
}
