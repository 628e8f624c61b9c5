using Microsoft.AspNetCore.Http.HttpResults;
using Quiver.GrainInterfaces.Providers;
using Quiver.GrainInterfaces.Tenants;
using Quiver.Silo.Api.OpenApi;
using Quiver.Silo.Api.Requests;

namespace Quiver.Silo.Api;

/// <summary>Endpoints of embedding providers and the tenant's usage.</summary>
internal static class ProviderEndpoints
{
    public static void Map(RouteGroupBuilder v1)
    {
        var providers = v1.MapGroup("/providers").WithTags("Providers");
        providers.MapGet("", ListAsync).Describe("listProviders", "The configured embedding providers by name, with limits that the answering process learned from their refusals; they are not called.");
        providers.MapPost("/{provider}/test", TestAsync)
            .Describe("testProvider",
                "Makes a real embedding call, and a second one when search queries are sent differently from documents. The calls may cost a few tokens. A "
                + "failure is reported as a job would report it.")
            .Fails(404, ErrorCodes.UnknownProvider)
            .Embeds();
        v1.MapGet("/usage", UsageAsync)
            .WithTags("Usage")
            .Describe("getUsage", "The embedding usage of all stored jobs of the tenant, without dry runs.");
    }

    private static async Task<Ok<Page<ProviderInfo>>> ListAsync(TenantClient tenant, CancellationToken cancellationToken) =>
        TypedResults.Ok(new Page<ProviderInfo> { Items = await tenant.Client.ListProvidersAsync(cancellationToken) });

    private static async Task<Ok<ProviderTest>> TestAsync(TenantClient tenant, string provider, CancellationToken cancellationToken) =>
        TypedResults.Ok(await tenant.Client.TestProviderAsync(provider, cancellationToken));

    private static async Task<Ok<TenantUsage>> UsageAsync(TenantClient tenant, CancellationToken cancellationToken) =>
        TypedResults.Ok(await tenant.Client.GetUsageAsync(cancellationToken));
}
