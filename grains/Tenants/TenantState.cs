
using Quiver.Core.Tenants;

namespace Quiver.Grains.Tenants;

/// <summary>A tenant's durable state; bounded by the caps of the queue, the tokens and dedicated collections.</summary>
public sealed class TenantState
{
    /// <summary>Turns and places.</summary>
    public AdmissionQueue Jobs { get; set; } = new();

    /// <summary>Recent submissions.</summary>
    public IdempotencyTokens Tokens { get; set; } = new();

    /// <summary>Collections with a physical collection of their own, in the order of their creation; null for none.</summary>
    public ImmutableArray<CollectionName>? Dedicated { get; set; }
}
