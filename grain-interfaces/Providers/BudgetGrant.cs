namespace Quiver.GrainInterfaces.Providers;

/// <summary>What a silo may send.</summary>
[GenerateSerializer, Immutable, Alias("quiver.budget-grant.v1")]
public sealed record BudgetGrant
{
    /// <summary>For each tenant of the ask how many of its first requests may be sent now.</summary>
    [Id(0)]
    public required ImmutableArray<int> Granted { get; init; }

    /// <summary>Requests that the silo may send besides, whoever's, within <see cref="SpareLife"/>: a slice ahead, given only while nobody waits.</summary>
    [Id(1)]
    public int SpareRequests { get; init; }

    /// <summary>Tokens for these requests.</summary>
    [Id(2)]
    public int SpareTokens { get; init; }

    /// <summary>How long the spare part may be used; what is left then is lost.</summary>
    [Id(3)]
    public TimeSpan SpareLife { get; init; }

    /// <summary>When asking again makes sense, where something still waits; zero otherwise.</summary>
    [Id(4)]
    public TimeSpan RetryAfter { get; init; }
}
