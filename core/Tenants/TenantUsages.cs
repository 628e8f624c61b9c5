using Quiver.GrainInterfaces.Tenants;

namespace Quiver.Core.Tenants;

/// <summary>Adds up what jobs used.</summary>
internal static class TenantUsages
{
    /// <summary>The sum with one more job; a dry run used nothing.</summary>
    public static TenantUsage Add(TenantUsage sum, JobStatus job) => job.Spec.DryRun ? sum : new()
    {
        Jobs = sum.Jobs + 1,
        EmbeddingCalls = sum.EmbeddingCalls + job.Counters.EmbeddingCalls,
        EmbeddedTexts = sum.EmbeddedTexts + job.Counters.EmbeddedTexts,
        EmbeddedTokens = sum.EmbeddedTokens + job.Counters.EmbeddedTokens,
        CacheHits = sum.CacheHits + job.Counters.CacheHits,
        Cost = sum.Cost + job.Counters.Cost,
    };
}
