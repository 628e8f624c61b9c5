namespace Quiver.GrainInterfaces.Workers;

/// <summary>What a meter of a job shows. It only ever grows, so that readings may be lost, repeated or out of order: the highest one counts.</summary>
[GenerateSerializer, Immutable, Alias("quiver.usage-reading.v1")]
public sealed record UsageReading
{
    /// <summary>The meter: one for each silo process that works for the job.</summary>
    [Id(0)]
    public required Guid Meter { get; init; }

    /// <summary>All that it has counted since it began.</summary>
    [Id(1)]
    public required ModelUsage Total { get; init; }

    /// <summary>Worker calls and requests to the provider that may still add to it.</summary>
    [Id(2)]
    public int UnderWay { get; init; }
}
