using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Polly;

namespace Quiver.Client.Http;

/// <summary>Sends requests and reads answers; every failure leaves as a <see cref="QuiverException"/>. Thread-safe.</summary>
internal sealed class HttpTransport(HttpClient http, QuiverHttpClientOptions options, TimeProvider time, Random random)
{
    private readonly ResiliencePipeline _retry = HttpRetry.Create(options, time, random);

    public QuiverHttpClientOptions Options => options;

    public TimeProvider Time => time;

    public Random Random => random;

    public Uri Server { get; } = options.BaseAddress!;

    /// <summary>Asks and reads a JSON answer.</summary>
    /// <param name="request">Makes the request; called once an attempt.</param>
    /// <param name="type">The answer's type.</param>
    /// <param name="repeatable">Whether the request may be sent again when it is not known what became of it.</param>
    /// <param name="timeout">For each attempt.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public Task<T> AskAsync<T>(
        Func<HttpRequestMessage> request, JsonTypeInfo<T> type, bool repeatable, TimeSpan timeout, CancellationToken cancellationToken)
        where T : notnull =>
        RepeatAsync(repeatable, token => GuardAsync(
            async attempt =>
            {
                using var response = await SendAsync(request, attempt);
                await using var body = await response.Content.ReadAsStreamAsync(attempt);
                return await JsonSerializer.DeserializeAsync(body, type, attempt) is { } answer
                    ? answer
                    : throw HttpFaults.Unexpected(Server, "it answered with null.");
            },
            timeout,
            token), cancellationToken);

    /// <summary>Tells, where only the status matters.</summary>
    public Task TellAsync(Func<HttpRequestMessage> request, bool repeatable, TimeSpan timeout, CancellationToken cancellationToken) =>
        RepeatAsync(repeatable, token => GuardAsync(
            async attempt =>
            {
                using var response = await SendAsync(request, attempt);
                return true;
            },
            timeout,
            token), cancellationToken);

    /// <summary>Opens a response whose body is read as it comes; the caller disposes it. Not repeated here.</summary>
    public Task<HttpResponseMessage> OpenAsync(Func<HttpRequestMessage> request, CancellationToken cancellationToken) =>
        GuardAsync(attempt => SendAsync(request, attempt), options.RequestTimeout, cancellationToken);

    /// <summary>Opens a response as <see cref="OpenAsync"/> does, and tries again until it is open.</summary>
    public Task<HttpResponseMessage> OpenRepeatedlyAsync(Func<HttpRequestMessage> request, CancellationToken cancellationToken) =>
        RepeatAsync(true, token => OpenAsync(request, token), cancellationToken);

    /// <summary>Runs something that reads from the server, bounded in time, with its failures translated.</summary>
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
        // A connection that is reset while the handler sets it up shows as the socket's own error.
        catch (Exception exception) when (exception is HttpRequestException or IOException or SocketException)
        {
            throw HttpFaults.ConnectionLost(Server, exception);
        }
        catch (JsonException exception)
        {
            throw HttpFaults.Unexpected(Server, exception.Message, exception);
        }
    }

    private async Task<HttpResponseMessage> SendAsync(Func<HttpRequestMessage> request, CancellationToken cancellationToken)
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

    private Task<T> RepeatAsync<T>(bool repeatable, Func<CancellationToken, Task<T>> action, CancellationToken cancellationToken) =>
        repeatable
            ? _retry.ExecuteAsync(static async (run, token) => await run(token), action, cancellationToken).AsTask()
            : action(cancellationToken);
}
