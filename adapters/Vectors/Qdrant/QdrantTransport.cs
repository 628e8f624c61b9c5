using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.Retry;

namespace Quiver.Adapters.Vectors.Qdrant;

/// <summary>
/// Sends requests over one connection pool and reads the answers; every failure becomes a <see cref="QuiverException"/>. All requests of the
/// adapter are idempotent, so transient errors are retried here a few times. Throttling is not retried: the caller decides when to try
/// again. Thread-safe.
/// </summary>
internal sealed class QdrantTransport : IDisposable
{
    private const long MaxAnswerBytes = 256L << 20;
    private static readonly TimeSpan MaxRetryDelay = TimeSpan.FromSeconds(10);

    private readonly HttpClient _http;
    private readonly QdrantInstruments _instruments;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ResiliencePipeline _retry;

    /// <summary>Does not connect yet.</summary>
    public QdrantTransport(QdrantOptions options, QdrantInstruments instruments, TimeProvider time, Random random, ILogger logger)
    {
        _instruments = instruments;
        _time = time;
        _logger = logger;
        _retry = CreateRetry(options, random);
        Address = new Uri(options.Address);
        _http = new HttpClient(new SocketsHttpHandler
        {
            ConnectTimeout = options.ConnectTimeout,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            EnableMultipleHttp2Connections = true,

            // One connection carries all requests: pings detect that it died silently, so that new requests do not wait for it.
            KeepAlivePingDelay = TimeSpan.FromSeconds(15),
            KeepAlivePingTimeout = TimeSpan.FromSeconds(10),
            AutomaticDecompression = DecompressionMethods.None,
            AllowAutoRedirect = false,
            UseCookies = false,
        })
        {
            BaseAddress = Address,
            MaxResponseContentBufferSize = MaxAnswerBytes,

            // Each request has its own timeout.
            Timeout = Timeout.InfiniteTimeSpan,
        };
        if (options.ApiKey is { } key)
        {
            _http.DefaultRequestHeaders.TryAddWithoutValidation("api-key", key);
        }
    }

    /// <summary>The server's address.</summary>
    public Uri Address { get; }

    /// <summary>Sends a request; the caller disposes the answer.</summary>
    /// <exception cref="QuiverException">There was no answer, or an error.</exception>
    public async Task<QdrantAnswer> SendAsync(QdrantRequest request, CancellationToken cancellationToken)
    {
        var context = ResilienceContextPool.Shared.Get(request.Operation, cancellationToken);
        try
        {
            return await _retry.ExecuteAsync(
                static (attempt, state) => new ValueTask<QdrantAnswer>(state.Transport.MeasureAsync(state.Request, attempt.CancellationToken)),
                context,
                (Transport: this, Request: request));
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    /// <summary>Sends a request whose result is not needed.</summary>
    public async Task ExecuteAsync(QdrantRequest request, CancellationToken cancellationToken) =>
        (await SendAsync(request, cancellationToken)).Dispose();

    public void Dispose() => _http.Dispose();

    private async Task<QdrantAnswer> MeasureAsync(QdrantRequest request, CancellationToken cancellationToken)
    {
        var started = _time.GetTimestamp();
        string? error = null;
        try
        {
            return await GuardAsync(request, cancellationToken);
        }
        catch (Exception exception)
        {
            error = exception is QuiverException known ? known.Code : exception.GetType().Name;
            throw;
        }
        finally
        {
            _instruments.RequestEnded(request.Operation, _time.GetElapsedTime(started), error);
        }
    }

    private async Task<QdrantAnswer> GuardAsync(QdrantRequest request, CancellationToken cancellationToken)
    {
        using var timer = new CancellationTokenSource(request.Timeout, _time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timer.Token);
        try
        {
            return await SendOnceAsync(request, linked.Token);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw timer.IsCancellationRequested ? QdrantFaults.OfTimeout(request, Address) : QdrantFaults.OfTransport(request, Address, exception);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or SocketException)
        {
            throw QdrantFaults.OfTransport(request, Address, exception);
        }
        catch (JsonException exception)
        {
            throw QdrantFaults.OfShape(request, exception, "it is not JSON.");
        }
    }

    private async Task<QdrantAnswer> SendOnceAsync(QdrantRequest request, CancellationToken cancellationToken)
    {
        // A message created here does not use the client's default version, and without TLS its own default is HTTP/1.1.
        using var message = new HttpRequestMessage(request.Method, request.Path)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
        };
        if (request.Body is { } body)
        {
            message.Content = new ReadOnlyMemoryContent(body);
            message.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }

        using var response = await _http.SendAsync(message, cancellationToken);
        if (!response.IsSuccessStatusCode)
        {
            throw QdrantFaults.OfStatus(request, response.StatusCode, await response.Content.ReadAsStringAsync(cancellationToken), RetryAfter(response));
        }

        var document = await JsonDocument.ParseAsync(await response.Content.ReadAsStreamAsync(cancellationToken), default, cancellationToken);
        if (document.RootElement.ValueKind == JsonValueKind.Object)
        {
            // The root has no envelope; all other answers have one.
            if (request.Path == "/")
            {
                return new(request, document, document.RootElement);
            }

            if (document.RootElement.TryGetProperty("status", out var status) && status.ValueKind == JsonValueKind.String && status.ValueEquals("ok")
                && document.RootElement.TryGetProperty("result", out var result))
            {
                return new(request, document, result);
            }
        }

        document.Dispose();
        throw QdrantFaults.OfShape(request, null, "it has no result with the status ok.");
    }

    private TimeSpan? RetryAfter(HttpResponseMessage response) => response.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => date - (response.Headers.Date ?? _time.GetUtcNow()),
        _ => null,
    };

    private ResiliencePipeline CreateRetry(QdrantOptions options, Random random) => options.RetryAttempts == 0
        ? ResiliencePipeline.Empty
        : new ResiliencePipelineBuilder { TimeProvider = _time }
            .AddRetry(new RetryStrategyOptions
            {
                MaxRetryAttempts = options.RetryAttempts,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = options.RetryBaseDelay,
                MaxDelay = MaxRetryDelay,
                Randomizer = random.NextDouble,

                // A timeout has already cost enough time, and Retry-After is honored by the caller.
                ShouldHandle = static arguments => ValueTask.FromResult(
                    arguments.Outcome.Exception is TransientException { Code: not ErrorCodes.Timeout, RetryAfter: null }),
                OnRetry = arguments =>
                {
                    var code = (arguments.Outcome.Exception as QuiverException)?.Code ?? ErrorCodes.Internal;
                    var operation = arguments.Context.OperationKey ?? "request";
                    _instruments.Retried(operation, code);
                    QdrantLog.Retrying(_logger, arguments.Outcome.Exception, operation, code, arguments.AttemptNumber + 2);
                    return ValueTask.CompletedTask;
                },
            })
            .Build();
}

/// <summary>A request to the server.</summary>
/// <param name="Operation">The name in metrics and messages.</param>
/// <param name="Method">The HTTP method.</param>
/// <param name="Path">Path and query, relative to the address.</param>
/// <param name="Timeout">For each attempt.</param>
internal sealed record QdrantRequest(string Operation, HttpMethod Method, string Path, TimeSpan Timeout)
{
    /// <summary>The JSON body; must not change until the request ends.</summary>
    public ReadOnlyMemory<byte>? Body { get; init; }

    /// <summary>The physical collection, if any.</summary>
    public string? Collection { get; init; }
}

/// <summary>A successful answer; its elements are valid until it is disposed.</summary>
internal sealed class QdrantAnswer(QdrantRequest request, JsonDocument document, JsonElement result) : IDisposable
{
    /// <summary>The member <c>result</c>.</summary>
    public JsonElement Result { get; } = result;

    /// <summary>Reads a value from the result.</summary>
    /// <exception cref="TransientException">The result has an unexpected shape.</exception>
    public T Read<T>(Func<JsonElement, T> read)
    {
        try
        {
            return read(Result);
        }
        catch (Exception exception) when (exception is KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw QdrantFaults.OfShape(request, exception, exception.Message);
        }
    }

    public void Dispose() => document.Dispose();
}
