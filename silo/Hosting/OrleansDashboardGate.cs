using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;

namespace Quiver.Silo.Hosting;

/// <summary>Asks for the password of Orleans' dashboard, which has no authentication of its own.</summary>
internal sealed class OrleansDashboardGate(RequestDelegate next, OrleansDashboardOptions options)
{
    private readonly byte[] _password = Digest(options.Password);

    /// <summary>Called by the framework for each request.</summary>
    public Task InvokeAsync(HttpContext context)
    {
        if (KnowsPassword(context.Request.Headers.Authorization))
        {
            return next(context);
        }

        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        context.Response.Headers.WWWAuthenticate = "Basic realm=\"Quiver\", charset=\"UTF-8\"";
        return Task.CompletedTask;
    }

    private bool KnowsPassword(string? header)
    {
        if (!AuthenticationHeaderValue.TryParse(header, out var given) || !string.Equals(given.Scheme, "Basic", StringComparison.OrdinalIgnoreCase) || given.Parameter is null)
        {
            return false;
        }

        var bytes = new byte[given.Parameter.Length];
        if (!Convert.TryFromBase64String(given.Parameter, bytes, out var length))
        {
            return false;
        }

        var colon = bytes.AsSpan(0, length).IndexOf((byte)':');
        return colon >= 0 && CryptographicOperations.FixedTimeEquals(SHA256.HashData(bytes.AsSpan(colon + 1, length - colon - 1)), _password);
    }

    private static byte[] Digest(string password) => SHA256.HashData(Encoding.UTF8.GetBytes(password));
}
