using Quiver.Client;
using Quiver.Client.Http;

namespace Quiver.Silo.Api.Requests;

/// <summary>The client of the tenant that a request's header names: the only place where the API determines the tenant.</summary>
internal sealed record TenantClient(IQuiverClient Client)
{
    public const string DefaultTenant = "default";

    /// <summary>Called by the framework to bind a handler's parameter of this type.</summary>
    /// <exception cref="InvalidRequestException">With code <c>invalid_tenant</c>.</exception>
    public static ValueTask<TenantClient?> BindAsync(HttpContext context)
    {
        var header = context.Request.Headers[QuiverHeaders.Tenant];
        if (header.Count > 1)
        {
            throw new InvalidRequestException("invalid_tenant", $"The header {QuiverHeaders.Tenant} occurs {header.Count} times; send it once.");
        }

        var tenant = TenantId.Parse(header.Count == 0 ? DefaultTenant : header[0]);
        return ValueTask.FromResult<TenantClient?>(new(context.RequestServices.GetRequiredService<IQuiverClientFactory>().Create(tenant)));
    }
}
