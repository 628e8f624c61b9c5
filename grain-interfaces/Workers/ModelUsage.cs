using System.Text.Json.Serialization;

namespace Quiver.GrainInterfaces.Workers;

/// <summary>Usage of an embedding model: requests that it answered with vectors, whether or not the answers were used.</summary>
[GenerateSerializer, Immutable, Alias("quiver.model-usage.v1")]
public sealed record ModelUsage
{
    /// <summary>No usage.</summary>
    public static ModelUsage None { get; } = new();

    /// <summary>Requests.</summary>
    [Id(0)] public long Calls { get; init; }

    /// <summary>Texts in the requests.</summary>
    [Id(1)] public long Texts { get; init; }

    /// <summary>Tokens of the texts, as the model or provider counts them.</summary>
    [Id(2)] public long Tokens { get; init; }

    /// <summary>What the tokens cost at the provider's configured price; 0 without a price.</summary>
    [Id(3)] public decimal Cost { get; init; }

    /// <summary>Returns the sum, count by count.</summary>
    public ModelUsage Add(ModelUsage other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return new() { Calls = Calls + other.Calls, Texts = Texts + other.Texts, Tokens = Tokens + other.Tokens, Cost = Cost + other.Cost };
    }
}

/// <summary>
/// A reading of a job's usage meter. A meter only grows: readings may be lost, repeated or out of order, and the highest one counts.
/// </summary>
[GenerateSerializer, Immutable, Alias("quiver.usage-reading.v1")]
public sealed record UsageReading
{
    /// <summary>The meter: one for each silo process that works for the job.</summary>
    [Id(0)] public required Guid Meter { get; init; }

    /// <summary>Everything that the meter has counted.</summary>
    [Id(1)] public required ModelUsage Total { get; init; }

    /// <summary>Worker calls and provider requests in flight, which may still add to the total.</summary>
    [Id(2), JsonPropertyName("underWay")] public int InFlight { get; init; }
}
