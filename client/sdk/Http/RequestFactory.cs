using System.Globalization;
using System.Net.Http.Headers;

namespace Quiver.Client.Http;

/// <summary>Makes the requests of one tenant. Thread-safe.</summary>
internal sealed class RequestFactory(Uri server, TenantId tenant)
{
    // With a slash at its end a base address keeps the path that a reverse proxy may have put Quiver under.
    private readonly Uri _root = new(server.AbsoluteUri.TrimEnd('/') + "/v1/");

    public HttpRequestMessage Get(string path) => Create(HttpMethod.Get, path);

    public HttpRequestMessage Delete(string path) => Create(HttpMethod.Delete, path);

    public HttpRequestMessage Post(string path, byte[]? json, string? traceParent = null)
    {
        var request = Create(HttpMethod.Post, path);
        if (json is not null)
        {
            WithJson(request, json);
        }

        if (traceParent is not null)
        {
            request.Headers.TryAddWithoutValidation("traceparent", traceParent);
        }

        return request;
    }

    public HttpRequestMessage Put(string path, byte[] json) => WithJson(Create(HttpMethod.Put, path), json);

    public HttpRequestMessage Patch(string path, byte[] json) => WithJson(Create(HttpMethod.Patch, path), json);

    public HttpRequestMessage Events(string path, long last)
    {
        var request = Create(HttpMethod.Get, path);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(EventStreamNames.ContentType));
        request.Headers.TryAddWithoutValidation(EventStreamNames.LastEventId, last.ToString(CultureInfo.InvariantCulture));
        return request;
    }

    /// <summary>A link of the server's as an absolute address; the server writes it from its own root, which a reverse proxy may have moved.</summary>
    public Uri Resolve(Uri link) => link.IsAbsoluteUri ? link : new Uri(_root, $"../{link.OriginalString.TrimStart('/')}");

    private static HttpRequestMessage WithJson(HttpRequestMessage request, byte[] json)
    {
        request.Content = new ByteArrayContent(json) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        return request;
    }

    private HttpRequestMessage Create(HttpMethod method, string path)
    {
        var request = new HttpRequestMessage(method, new Uri(_root, path));
        request.Headers.TryAddWithoutValidation(QuiverHeaders.Tenant, tenant.Value);
        return request;
    }
}
