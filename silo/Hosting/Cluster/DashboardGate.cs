using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;

namespace Quiver.Silo.Hosting.Cluster;

/// <summary>Who may see Orleans' dashboard, which itself asks nobody: those who know the password, or without one, those on this machine.</summary>
internal sealed class DashboardGate(RequestDelegate next, ClusterDashboardOptions options)
{
    private readonly byte[] _password = Digest(options.Password);

    /// <summary>Called by the framework for each request.</summary>
    public Task InvokeAsync(HttpContext context)
    {
        if (options.Password.Length == 0 ? IsLocal(context) : KnowsPassword(context.Request.Headers.Authorization))
        {
            return next(context);
        }

        if (options.Password.Length > 0)
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            context.Response.Headers.WWWAuthenticate = "Basic realm=\"Quiver\", charset=\"UTF-8\"";
            return Task.CompletedTask;
        }

        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync($"The dashboard is open to this machine only: set {ClusterOptions.Section}:Dashboard:Password to let others in.\n", context.RequestAborted);
    }

    // A proxy on this machine connects from here for people who are elsewhere.
    private static bool IsLocal(HttpContext context) =>
        context.Connection.RemoteIpAddress is { } caller && IPAddress.IsLoopback(caller)
        && !context.Request.Headers.ContainsKey("Forwarded") && !context.Request.Headers.ContainsKey("X-Forwarded-For") && !context.Request.Headers.ContainsKey("Via");

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
