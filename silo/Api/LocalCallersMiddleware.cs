using System.Net;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using Quiver.Client.Requests;
using Quiver.Silo.Options;

namespace Quiver.Silo.Api;

/// <summary>
/// Protects an API without authentication from web pages: refuses requests from pages of other origins and, on loopback connections, requests to
/// foreign host names, as in DNS rebinding.
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
                $"A caller on this machine used the host name '{request.Host}'; use localhost or 127.0.0.1, "
                + $"or add the name to {ApiOptions.Section}:AllowedHosts.");
        }

        if (!StringValues.IsNullOrEmpty(request.Headers.Origin) && !IsSameOrigin(request))
        {
            throw Forbidden($"Web pages of '{request.Headers.Origin}' must not use this server: call it from a program, or through a proxy at the page's own origin.");
        }

        return next(context);
    }

    // The scheme is not compared, because it differs behind a proxy that terminates TLS.
    private static bool IsSameOrigin(HttpRequest request) =>
        Uri.TryCreate(request.Headers.Origin, UriKind.Absolute, out var origin)
        && string.Equals(origin.Authority, request.Host.Value, StringComparison.OrdinalIgnoreCase);

    private bool IsAllowed(string host) => _allowed.Contains("*") || _allowed.Contains(host, StringComparer.OrdinalIgnoreCase);

    // A connection to the machine's own external address is not a loopback connection and needs no loopback name.
    private static bool IsLocal(string host) =>
        host.Length == 0
        || string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase)
        || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase)
        || IPAddress.TryParse(host, out _);

    private static InvalidRequestException Forbidden(string message) => new(RequestErrorCodes.ForbiddenOrigin, message);
}
