namespace Quiver.GrainInterfaces.Providers;

/// <summary>A tenant's requests that wait.</summary>
[GenerateSerializer, Immutable, Alias("quiver.tenant-demand.v1")]
public sealed record TenantDemand
{
    /// <summary>The tenant.</summary>
    [Id(0)]
    public required TenantId Tenant { get; init; }

    /// <summary>The tokens of each request, in the order in which they are to be sent; at least one.</summary>
    [Id(1)]
    public required ImmutableArray<int> Requests { get; init; }
}
