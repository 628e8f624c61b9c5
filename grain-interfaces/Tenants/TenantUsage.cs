namespace Quiver.GrainInterfaces.Tenants;

/// <summary>What a tenant's jobs used of embedding models, over all jobs that the ledger keeps. Dry runs are left out.</summary>
[GenerateSerializer, Immutable, Alias("quiver.tenant-usage.v1")]
public sealed record TenantUsage
{
    /// <summary>Jobs added up.</summary>
    [Id(0)]
    public long Jobs { get; init; }

    /// <summary>Requests that models and providers answered.</summary>
    [Id(1)]
    public long EmbeddingCalls { get; init; }

    /// <summary>Texts sent.</summary>
    [Id(2)]
    public long EmbeddedTexts { get; init; }

    /// <summary>Tokens computed, as the providers count them.</summary>
    [Id(3)]
    public long EmbeddedTokens { get; init; }

    /// <summary>Texts that the cache answered.</summary>
    [Id(4)]
    public long CacheHits { get; init; }

    /// <summary>What the tokens cost, in the currency of the prices.</summary>
    [Id(5)]
    public decimal Cost { get; init; }
}
