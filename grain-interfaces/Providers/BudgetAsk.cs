namespace Quiver.GrainInterfaces.Providers;

/// <summary>All that waits for a provider at one silo.</summary>
[GenerateSerializer, Immutable, Alias("quiver.budget-ask.v1")]
public sealed record BudgetAsk
{
    /// <summary>The silo: a name that no other has.</summary>
    [Id(0)]
    public required string Silo { get; init; }

    /// <summary>A tenant each, none twice.</summary>
    [Id(1)]
    public required ImmutableArray<TenantDemand> Tenants { get; init; }
}
