using System.Net;
using System.Text.Json;

namespace Quiver.Adapters.Vectors.Qdrant;

/// <summary>
/// Identifies the running server process, which gRPC cannot: one request to the server's REST API. Thread-safe. Every failure becomes a
/// <see cref="QuiverException"/>.
/// </summary>
internal sealed class QdrantProcess : IDisposable
{
    private const string Path = "/telemetry?details_level=0";
    private const int MaxAnswerBytes = 1 << 20;

    // The server closes idle connections after 5 s.
    private static readonly TimeSpan IdleTimeout = TimeSpan.FromSeconds(4);

    private readonly HttpClient _http;
    private readonly TimeSpan _timeout;
    private readonly TimeProvider _time;

    /// <summary>Does not connect yet.</summary>
    /// <param name="address">The address of the REST API.</param>
    /// <param name="options">The API key and the timeouts.</param>
    /// <param name="time">The clock.</param>
    public QdrantProcess(string address, QdrantOptions options, TimeProvider time)
    {
        _timeout = options.ReadTimeout;
        _time = time;
        _http = new(new SocketsHttpHandler
        {
            ConnectTimeout = options.ConnectTimeout,
            PooledConnectionIdleTimeout = IdleTimeout,
            AllowAutoRedirect = false,
            UseCookies = false,
        })
        {
            BaseAddress = new Uri(address),
            MaxResponseContentBufferSize = MaxAnswerBytes,
            Timeout = Timeout.InfiniteTimeSpan,
        };
        if (options.ApiKey is { } key)
        {
            _http.DefaultRequestHeaders.TryAddWithoutValidation("api-key", key);
        }
    }

    /// <summary>The id that the server drew at its start; null when it says none.</summary>
    /// <exception cref="TransientException">There was no answer, or an unusable one.</exception>
    /// <exception cref="PermanentException">The API key may not read this.</exception>
    public async Task<string?> FindIdAsync(CancellationToken cancellationToken)
    {
        using var timer = new CancellationTokenSource(_timeout, _time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timer.Token);
        try
        {
            using var response = await _http.GetAsync(new Uri(Path, UriKind.Relative), linked.Token);
            if (!response.IsSuccessStatusCode)
            {
                throw OfStatus(response.StatusCode, await response.Content.ReadAsStringAsync(linked.Token));
            }

            using var document = await JsonDocument.ParseAsync(await response.Content.ReadAsStreamAsync(linked.Token), default, linked.Token);
            return document.RootElement is { ValueKind: JsonValueKind.Object } root
                && root.TryGetProperty("result", out var result)
                && result.ValueKind == JsonValueKind.Object
                && result.TryGetProperty("id", out var id)
                    ? id.GetString()
                    : null;
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TransientException(ErrorCodes.Timeout, $"Qdrant's REST API at {_http.BaseAddress} did not answer in time.", exception);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or JsonException or InvalidOperationException)
        {
            throw new TransientException(
                ErrorCodes.ServerUnavailable,
                $"Qdrant's REST API at {_http.BaseAddress} did not say which process it is: {exception.Message.TrimEnd('.')}. "
                + $"Check {QdrantOptions.Section}:{nameof(QdrantOptions.RestAddress)}, or remove it.",
                exception);
        }
    }

    public void Dispose() => _http.Dispose();

    private static QuiverException OfStatus(HttpStatusCode status, string body)
    {
        var message = $"Qdrant's REST API answered with {(int)status}: {QdrantFaults.Cut(body)}";
        return status switch
        {
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => new PermanentException(
                ErrorCodes.AccessDenied, $"{message} Set {QdrantOptions.Section}:{nameof(QdrantOptions.ApiKey)} to a key that may do this."),
            HttpStatusCode.TooManyRequests => new ThrottledException(ErrorCodes.ServerUnavailable, message),
            HttpStatusCode.RequestTimeout or >= HttpStatusCode.InternalServerError => new TransientException(ErrorCodes.ServerUnavailable, message),
            _ => new PermanentException(ErrorCodes.Internal, message),
        };
    }
}
