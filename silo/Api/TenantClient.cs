using Quiver.Client;
using Quiver.Client.Http;

namespace Quiver.Silo.Api;

/// <summary>The client of the tenant that a request's header names: the one place where the API learns whom it serves.</summary>
internal sealed record TenantClient(IQuiverClient Client)
{
    public const string DefaultTenant = "default";

    /// <summary>Called by the framework to fill a handler's parameter of this type.</summary>
    /// <exception cref="InvalidRequestException">With code <c>invalid_tenant</c>.</exception>
    public static ValueTask<TenantClient?> BindAsync(HttpContext context)
    {
        var header = context.Request.Headers[QuiverHeaders.Tenant];
        if (header.Count > 1)
        {
            throw new InvalidRequestException("invalid_tenant", $"The header {QuiverHeaders.Tenant} is there {header.Count} times; send it once.");
        }

        var tenant = TenantId.Parse(header.Count == 0 ? DefaultTenant : header[0]);
        return ValueTask.FromResult<TenantClient?>(new(context.RequestServices.GetRequiredService<IQuiverClientFactory>().Create(tenant)));
    }
}
