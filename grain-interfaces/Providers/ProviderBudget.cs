namespace Quiver.GrainInterfaces.Providers;

/// <summary>
/// The cluster-wide budget of one provider: requests and tokens per minute. Silos lease from it for all their waiting requests, so
/// it is never called per request. Key: the provider's name.
/// </summary>
[Alias("quiver.IProviderBudgetGrain")]
public interface IProviderBudgetGrain : IGrainWithStringKey
{
    /// <summary>Grants a silo the requests that it may send now.</summary>
    /// <param name="ask">The waiting requests of the silo.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="NotFoundException">With <see cref="ErrorCodes.UnknownProvider"/>: this silo has no such provider.</exception>
    [Alias("Lease")]
    Task<BudgetGrant> LeaseAsync(BudgetAsk ask, CancellationToken cancellationToken = default);
}

/// <summary>The requests on one silo that wait for a provider.</summary>
[GenerateSerializer, Immutable, Alias("quiver.budget-ask.v1")]
public sealed record BudgetAsk
{
    /// <summary>The silo's unique name.</summary>
    [Id(0)] public required string Silo { get; init; }

    /// <summary>One entry per tenant.</summary>
    [Id(1)] public required ImmutableArray<TenantDemand> Tenants { get; init; }
}

/// <summary>A tenant's waiting requests.</summary>
[GenerateSerializer, Immutable, Alias("quiver.tenant-demand.v1")]
public sealed record TenantDemand
{
    /// <summary>The tenant.</summary>
    [Id(0)] public required TenantId Tenant { get; init; }

    /// <summary>The tokens of each request, in sending order; at least one.</summary>
    [Id(1)] public required ImmutableArray<int> Requests { get; init; }
}

/// <summary>The requests that a silo may send.</summary>
[GenerateSerializer, Immutable, Alias("quiver.budget-grant.v1")]
public sealed record BudgetGrant
{
    /// <summary>For each tenant of the ask, how many of its first requests may be sent now.</summary>
    [Id(0)] public required ImmutableArray<int> Granted { get; init; }

    /// <summary>
    /// Further requests that the silo may send for any tenant within <see cref="SpareLife"/>: an advance, granted only while no request
    /// waits.
    /// </summary>
    [Id(1)] public int SpareRequests { get; init; }

    /// <summary>Tokens for these requests.</summary>
    [Id(2)] public int SpareTokens { get; init; }

    /// <summary>How long the spare requests and tokens may be used; the rest expires.</summary>
    [Id(3)] public TimeSpan SpareLife { get; init; }

    /// <summary>When to ask again while requests still wait; zero otherwise.</summary>
    [Id(4)] public TimeSpan RetryAfter { get; init; }
}
