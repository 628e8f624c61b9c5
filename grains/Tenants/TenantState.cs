using Quiver.Core.Tenants;

namespace Quiver.Grains.Tenants;

/// <summary>A tenant's durable state; bounded by the limits of the queue, the tokens and dedicated collections.</summary>
public sealed record TenantState
{
    /// <summary>Running and waiting jobs.</summary>
    public AdmissionQueue Jobs { get; init; } = new();

    /// <summary>Idempotency tokens of recent submissions.</summary>
    public IdempotencyTokens Tokens { get; init; } = new();

    /// <summary>Dedicated collections, in order of creation; null for none.</summary>
    public ImmutableArray<CollectionName>? Dedicated { get; init; }
}
