using System.Net;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using Quiver.Client.Requests;

namespace Quiver.Silo.Api;

/// <summary>
/// Keeps web pages away from an API without authentication: a request that a browser sends for a page of another origin is refused, and
/// on a loopback connection also one that names a foreign host, as DNS rebinding does.
/// </summary>
internal sealed class LocalCallersMiddleware(RequestDelegate next, IOptions<ApiOptions> options)
{
    private readonly ImmutableArray<string> _allowed = [.. options.Value.AllowedHosts];

    /// <summary>Called by the framework for each request.</summary>
    public Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        if (context.Connection.RemoteIpAddress is { } caller && IPAddress.IsLoopback(caller) && !IsLocal(request.Host.Host) && !IsAllowed(request.Host.Host))
        {
            throw Forbidden(
                $"This server was asked as '{request.Host}' from this machine; ask it as localhost or 127.0.0.1, or add the name to {ApiOptions.Section}:AllowedHosts.");
        }

        if (!StringValues.IsNullOrEmpty(request.Headers.Origin) && !IsSameOrigin(request))
        {
            throw Forbidden($"Web pages of '{request.Headers.Origin}' may not use this server.");
        }

        return next(context);
    }

    // The scheme is not compared: behind a proxy that ends TLS it differs.
    private static bool IsSameOrigin(HttpRequest request) =>
        Uri.TryCreate(request.Headers.Origin, UriKind.Absolute, out var origin)
        && string.Equals(origin.Authority, request.Host.Value, StringComparison.OrdinalIgnoreCase);

    private bool IsAllowed(string host) => _allowed.Contains("*") || _allowed.Contains(host, StringComparer.OrdinalIgnoreCase);

    // A machine that connects to itself under its own outside address is no loopback connection and needs no loopback name.
    private static bool IsLocal(string host) =>
        host.Length == 0
        || string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase)
        || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase)
        || IPAddress.TryParse(host, out _);

    private static InvalidRequestException Forbidden(string message) => new(RequestErrorCodes.ForbiddenOrigin, message);
}
