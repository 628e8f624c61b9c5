namespace Quiver.GrainInterfaces.Providers;

/// <summary>Which provider to try, and whose share of its budget the call takes.</summary>
[GenerateSerializer, Immutable, Alias("quiver.provider-test-request.v1")]
public sealed record ProviderTestRequest
{
    /// <summary>The provider's name.</summary>
    [Id(0)]
    public required string Provider { get; init; }

    /// <summary>Who asks.</summary>
    [Id(1)]
    public required TenantId Tenant { get; init; }
}
