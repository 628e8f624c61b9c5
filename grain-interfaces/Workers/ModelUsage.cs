namespace Quiver.GrainInterfaces.Workers;

/// <summary>What was used of an embedding model: requests that it answered with vectors, whatever became of them afterwards.</summary>
[GenerateSerializer, Immutable, Alias("quiver.model-usage.v1")]
public sealed record ModelUsage
{
    /// <summary>Nothing.</summary>
    public static ModelUsage None { get; } = new();

    /// <summary>Requests.</summary>
    [Id(0)]
    public long Calls { get; init; }

    /// <summary>Texts in them.</summary>
    [Id(1)]
    public long Texts { get; init; }

    /// <summary>Tokens of the texts, as the model or provider counts them.</summary>
    [Id(2)]
    public long Tokens { get; init; }

    /// <summary>What the tokens cost at the provider's configured price; 0 without one.</summary>
    [Id(3)]
    public decimal Cost { get; init; }

    /// <summary>The sum, count by count.</summary>
    /// <param name="other">What to add.</param>
    public ModelUsage Add(ModelUsage other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return new() { Calls = Calls + other.Calls, Texts = Texts + other.Texts, Tokens = Tokens + other.Tokens, Cost = Cost + other.Cost };
    }
}
