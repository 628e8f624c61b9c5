using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Polly;

namespace Quiver.Client.Http;

/// <summary>Sends requests and reads responses; throws only <see cref="QuiverException"/> and cancellation. Thread-safe.</summary>
internal sealed class HttpTransport(HttpClient http, QuiverHttpClientOptions options, TimeProvider time, Random random)
{
    private readonly ResiliencePipeline _retry = RetryPolicy.Create(
        options.RetryAttempts,
        options.RetryBaseDelay,
        options.RetryMaxDelay,
        static exception => exception is TransientException { Code: not ErrorCodes.Timeout },
        time,
        random);

    public QuiverHttpClientOptions Options => options;

    public TimeProvider Time => time;

    public Random Random => random;

    /// <summary>The server's address without credentials, as messages show it.</summary>
    public Uri Server { get; } = ServerCredentials.Strip(options.BaseAddress!);

    /// <summary>Sends a request and reads its JSON response.</summary>
    /// <param name="request">Creates the request; called once per attempt.</param>
    /// <param name="type">The type of the response.</param>
    /// <param name="repeatable">Whether the request may be sent again when its outcome is unknown.</param>
    /// <param name="timeout">The timeout of each attempt.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public Task<T> SendAsync<T>(
        Func<HttpRequestMessage> request, JsonTypeInfo<T> type, bool repeatable, TimeSpan timeout, CancellationToken cancellationToken)
        where T : notnull =>
        RetryAsync(repeatable, token => GuardAsync(
            async attempt =>
            {
                using var response = await SendOnceAsync(request, attempt);
                await using var body = await response.Content.ReadAsStreamAsync(attempt);
                return await JsonSerializer.DeserializeAsync(body, type, attempt) is { } answer
                    ? answer
                    : throw HttpFaults.Unexpected(Server, "it answered with null.");
            },
            timeout,
            token), cancellationToken);

    /// <summary>Sends a request once and ignores the body of its response.</summary>
    public Task SendAsync(Func<HttpRequestMessage> request, TimeSpan timeout, CancellationToken cancellationToken) => GuardAsync(
        async attempt =>
        {
            using var response = await SendOnceAsync(request, attempt);
            return true;
        },
        timeout,
        cancellationToken);

    /// <summary>Opens a streamed response, which the caller disposes; does not retry.</summary>
    public Task<HttpResponseMessage> OpenAsync(Func<HttpRequestMessage> request, CancellationToken cancellationToken) =>
        GuardAsync(attempt => SendOnceAsync(request, attempt), options.RequestTimeout, cancellationToken);

    /// <summary>Opens a streamed response, which the caller disposes; retries.</summary>
    public Task<HttpResponseMessage> OpenRepeatedlyAsync(Func<HttpRequestMessage> request, CancellationToken cancellationToken) =>
        RetryAsync(true, token => OpenAsync(request, token), cancellationToken);

    /// <summary>Runs an action with a timeout and translates its failures.</summary>
    private async Task<T> GuardAsync<T>(Func<CancellationToken, Task<T>> action, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var timer = new CancellationTokenSource(timeout, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timer.Token);
        try
        {
            return await action(linked.Token);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw timer.IsCancellationRequested
                ? HttpFaults.TimedOut(Server, timeout, exception)
                : HttpFaults.ConnectionLost(Server, exception.InnerException ?? exception);
        }
        // A connection that is reset while the handler sets it up throws the socket's own exception.
        catch (Exception exception) when (exception is HttpRequestException or IOException or SocketException)
        {
            throw HttpFaults.ConnectionLost(Server, exception);
        }
        catch (JsonException exception)
        {
            throw HttpFaults.Unexpected(Server, exception.Message, exception);
        }
    }

    private async Task<HttpResponseMessage> SendOnceAsync(Func<HttpRequestMessage> request, CancellationToken cancellationToken)
    {
        using var message = request();
        var response = await http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        if (response.IsSuccessStatusCode)
        {
            return response;
        }

        using (response)
        {
            throw await HttpFaults.ReadAsync(Server, response, time, cancellationToken);
        }
    }

    private Task<T> RetryAsync<T>(bool repeatable, Func<CancellationToken, Task<T>> action, CancellationToken cancellationToken) =>
        repeatable
            ? _retry.ExecuteAsync(static async (run, token) => await run(token), action, cancellationToken).AsTask()
            : action(cancellationToken);
}

/// <summary>Creates the requests of one tenant. Thread-safe.</summary>
internal sealed class RequestFactory(Uri server, TenantId tenant)
{
    // The trailing slash keeps a path below which a reverse proxy may serve Quiver.
    private readonly Uri _root = new(server.AbsoluteUri.TrimEnd('/') + "/v1/");

    /// <summary>Appends a query string of the values that are not null.</summary>
    public static string WithQuery(string path, params ReadOnlySpan<(string Name, string? Value)> values)
    {
        var address = new StringBuilder(path);
        var separator = '?';
        foreach (var (name, value) in values)
        {
            if (value is not null)
            {
                address.Append(separator).Append(name).Append('=').Append(Uri.EscapeDataString(value));
                separator = '&';
            }
        }

        return address.ToString();
    }

    public HttpRequestMessage Get(string path) => Create(HttpMethod.Get, path);

    public HttpRequestMessage Delete(string path) => Create(HttpMethod.Delete, path);

    public HttpRequestMessage Put(string path, byte[] json) => Create(HttpMethod.Put, path, json);

    public HttpRequestMessage Patch(string path, byte[] json) => Create(HttpMethod.Patch, path, json);

    public HttpRequestMessage Post(string path, byte[]? json, string? traceParent = null)
    {
        var request = Create(HttpMethod.Post, path, json);
        if (traceParent is not null)
        {
            request.Headers.TryAddWithoutValidation("traceparent", traceParent);
        }

        return request;
    }

    public HttpRequestMessage Events(string path, long last)
    {
        var request = Create(HttpMethod.Get, path);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(EventStreamNames.ContentType));
        request.Headers.TryAddWithoutValidation(EventStreamNames.LastEventId, last.ToString(CultureInfo.InvariantCulture));
        return request;
    }

    /// <summary>Makes a link of the server absolute. The server writes it relative to its own root, which a reverse proxy may have moved.</summary>
    public Uri Resolve(Uri link) => link.IsAbsoluteUri ? link : new Uri(_root, $"../{link.OriginalString.TrimStart('/')}");

    private HttpRequestMessage Create(HttpMethod method, string path, byte[]? json = null)
    {
        var request = new HttpRequestMessage(method, new Uri(_root, path));
        request.Headers.TryAddWithoutValidation(QuiverHeaders.Tenant, tenant.Value);
        if (json is not null)
        {
            request.Content = new ByteArrayContent(json) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        }

        return request;
    }
}
