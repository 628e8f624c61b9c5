using System.Net;
using System.Security.Authentication;

namespace Quiver.Adapters.Embeddings.OpenAI;

/// <summary>Classifies requests without an answer, or with half of one. Names the proxy where one is used: it may be what failed.</summary>
internal static class ConnectionFaults
{
    /// <summary>Classifies a failure.</summary>
    /// <param name="settings">The provider.</param>
    /// <param name="exception">How the request ended.</param>
    /// <param name="proxy">The proxy between Quiver and the provider; null for none.</param>
    public static QuiverException Classify(OpenAISettings settings, Exception exception, Uri? proxy)
    {
        if (CertificateException.Find(exception) is { } certificate)
        {
            return new PermanentException(
                ErrorCodes.ProviderUnavailable, $"The certificate of {settings.Endpoint.Authority} for the provider {settings.Name} is not valid: {certificate.Message}", exception);
        }

        var http = exception as HttpRequestException;
        if (http?.HttpRequestError == HttpRequestError.ProxyTunnelError)
        {
            return http.StatusCode switch
            {
                HttpStatusCode.ProxyAuthenticationRequired => ProxyWithoutCredentials(settings, proxy, exception),
                { } status and >= HttpStatusCode.BadRequest and < HttpStatusCode.InternalServerError => new PermanentException(
                    ErrorCodes.ProviderUnavailable,
                    $"The proxy {NameOf(proxy)} refuses connections to {settings.Endpoint.Authority} for the provider {settings.Name} ({(int)status}): "
                    + $"allow them there, or add {settings.Endpoint.Host} to the environment variable NO_PROXY, {OpenAIFaults.ThenRetry}.",
                    exception),
                _ => Unreachable("the proxy did not open a connection"),
            };
        }

        return http?.HttpRequestError switch
        {
            HttpRequestError.NameResolutionError => Unreachable($"the name {(proxy ?? settings.Endpoint).Host} is not known. Check it and this machine's DNS"),
            HttpRequestError.SecureConnectionError => Unreachable(
                $"TLS failed: {Innermost(exception).Message} If the service does not use TLS, begin Quiver:Providers:{settings.Name}:BaseAddress with http://"),
            _ => Unreachable(exception.Message),
        };

        TransientException Unreachable(string why) => new(
            ErrorCodes.ProviderUnavailable,
            $"The provider {settings.Name} is unreachable at {settings.Endpoint.GetLeftPart(UriPartial.Authority)}"
            + $"{(proxy is null ? "" : $" through the proxy {NameOf(proxy)}")}: {why}",
            exception);
    }

    /// <summary>A proxy that wants credentials; the API key has nothing to do with it.</summary>
    public static PermanentException ProxyWithoutCredentials(OpenAISettings settings, Uri? proxy, Exception? exception) => new(
        ErrorCodes.ProviderUnavailable,
        $"The proxy {NameOf(proxy)} on the way to the provider {settings.Name} requires credentials (407): put them into the environment variable "
        + $"{(settings.Endpoint.Scheme == Uri.UriSchemeHttps ? "HTTPS_PROXY" : "http_proxy")} as http://USER:PASSWORD@HOST:PORT, "
        + $"or add {settings.Endpoint.Host} to NO_PROXY to avoid the proxy, {OpenAIFaults.ThenRetry}.",
        exception);

    /// <summary>Without credentials. A transparent proxy is in no setting.</summary>
    private static string NameOf(Uri? proxy) => proxy?.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped) ?? "of this network";

    private static Exception Innermost(Exception exception) => exception is AuthenticationException || exception.InnerException is not { } inner ? exception : Innermost(inner);
}
