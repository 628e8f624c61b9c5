using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.Retry;

namespace Quiver.Adapters.Vectors.Qdrant;

/// <summary>
/// Sends requests over one pool of connections and reads the answers; every failure leaves as a <see cref="QuiverException"/>. Every
/// request of the adapter may be repeated, so passing faults are tried again here, a few times. Throttling is not: whoever asked knows
/// what else there is to do meanwhile. Thread-safe.
/// </summary>
internal sealed class QdrantTransport : IDisposable
{
    private const long MaxAnswerBytes = 256L << 20;
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(10);

    private readonly HttpClient _http;
    private readonly QdrantInstruments _instruments;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ResiliencePipeline _retry;

    /// <summary>Opens nothing yet.</summary>
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

            // One connection carries everything: when it has died without a word, whatever comes next must not wait for it.
            KeepAlivePingDelay = TimeSpan.FromSeconds(15),
            KeepAlivePingTimeout = TimeSpan.FromSeconds(10),
            AutomaticDecompression = DecompressionMethods.None,
            AllowAutoRedirect = false,
            UseCookies = false,
        })
        {
            BaseAddress = Address,
            MaxResponseContentBufferSize = MaxAnswerBytes,

            // Each request has its own.
            Timeout = Timeout.InfiniteTimeSpan,
        };
        if (options.ApiKey is { } key)
        {
            _http.DefaultRequestHeaders.TryAddWithoutValidation("api-key", key);
        }
    }

    /// <summary>Where the server is.</summary>
    public Uri Address { get; }

    /// <summary>Asks; the caller disposes the answer.</summary>
    /// <exception cref="QuiverException">There was none, or it was no success.</exception>
    public async Task<QdrantAnswer> SendAsync(QdrantRequest request, CancellationToken cancellationToken)
    {
        var context = ResilienceContextPool.Shared.Get(request.Operation, cancellationToken);
        try
        {
            return await _retry.ExecuteAsync(
                static (attempt, state) => new ValueTask<QdrantAnswer>(state.Transport.MeasureAsync(state.Request, attempt.CancellationToken)), context, (Transport: this, Request: request));
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    /// <summary>Asks where only the success matters.</summary>
    public async Task TellAsync(QdrantRequest request, CancellationToken cancellationToken) =>
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
        catch (Exception e)
        {
            error = e is QuiverException known ? known.Code : e.GetType().Name;
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
            return await AskAsync(request, linked.Token);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw timer.IsCancellationRequested ? QdrantFaults.OfTimeout(request, Address) : QdrantFaults.OfTransport(request, Address, e);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or SocketException)
        {
            throw QdrantFaults.OfTransport(request, Address, e);
        }
        catch (JsonException e)
        {
            throw QdrantFaults.OfShape(request, e, "it is not JSON.");
        }
    }

    private async Task<QdrantAnswer> AskAsync(QdrantRequest request, CancellationToken cancellationToken)
    {
        // The client's default version is for its own messages only: one that is made by hand says it itself. Without TLS it is 1.1.
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
            // The root of the server answers for itself; everything else comes in an envelope.
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
        { Date: { } date } => date - _time.GetUtcNow(),
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
                MaxDelay = LongestDelay,
                Randomizer = random.NextDouble,

                // A timeout has taken its time already, and who said how long to wait is to be obeyed elsewhere.
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
