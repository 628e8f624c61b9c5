using Quiver.Pipeline.Tenants;

namespace Quiver.Grains.Tenants;

/// <summary>A tenant's durable state; bounded by the queue's and the tokens' caps.</summary>
public sealed class TenantState
{
    /// <summary>Turns and places.</summary>
    public AdmissionQueue Jobs { get; set; } = new();

    /// <summary>Recent submissions.</summary>
    public IdempotencyTokens Tokens { get; set; } = new();
}
