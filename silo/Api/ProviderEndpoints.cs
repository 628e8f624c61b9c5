using Microsoft.AspNetCore.Http.HttpResults;
using Quiver.GrainInterfaces.Providers;
using Quiver.GrainInterfaces.Tenants;
using Quiver.Silo.Api.OpenApi;

namespace Quiver.Silo.Api;

/// <summary>The embedding providers, and what the tenant used of them.</summary>
internal static class ProviderEndpoints
{
    public static void Map(RouteGroupBuilder v1)
    {
        var providers = v1.MapGroup("/providers").WithTags("Providers");
        providers.MapGet("", ListAsync).Describe("listProviders", "The embedding providers by name, without asking them anything.");
        providers.MapPost("/{provider}/test", TestAsync)
            .Describe("testProvider", "Makes one real embedding call, and a second one where search queries are sent otherwise than documents; they may cost a few tokens. A failure is answered as a job would meet it.")
            .Fails(404, ErrorCodes.UnknownProvider)
            .Fails(429, ErrorCodes.ProviderThrottled, ErrorCodes.ProviderBudgetSpent, ErrorCodes.ProviderBusy, ErrorCodes.ProviderCircuitOpen)
            .Fails(500, ErrorCodes.ProviderDenied, ErrorCodes.ProviderQuotaExhausted, ErrorCodes.ModelUnavailable, ErrorCodes.DimensionMismatch)
            .Fails(503, ErrorCodes.ProviderUnavailable, ErrorCodes.InvalidEmbedding);
        v1.MapGet("/usage", UsageAsync).WithTags("Usage").Describe("getUsage", "What the tenant's jobs used of embedding models, over all jobs that are kept; dry runs are left out.");
    }

    private static async Task<Ok<Page<ProviderInfo>>> ListAsync(TenantClient tenant, CancellationToken cancellationToken) =>
        TypedResults.Ok(new Page<ProviderInfo> { Items = await tenant.Client.ListProvidersAsync(cancellationToken) });

    private static async Task<Ok<ProviderTest>> TestAsync(TenantClient tenant, string provider, CancellationToken cancellationToken) =>
        TypedResults.Ok(await tenant.Client.TestProviderAsync(provider, cancellationToken));

    private static async Task<Ok<TenantUsage>> UsageAsync(TenantClient tenant, CancellationToken cancellationToken) =>
        TypedResults.Ok(await tenant.Client.GetUsageAsync(cancellationToken));
}
