using System.Net;
using System.Net.Sockets;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.Retry;
using HealthClient = Qdrant.Client.Grpc.Qdrant.QdrantClient;
using Wire = Qdrant.Client.Grpc;

namespace Quiver.Adapters.Vectors.Qdrant;

/// <summary>
/// Sends requests over one gRPC channel; every failure becomes a <see cref="QuiverException"/>. All requests of the adapter are idempotent, so
/// transient errors are retried here a few times. Throttling is not retried: the caller decides when to try again. Thread-safe.
/// </summary>
internal sealed class QdrantTransport : IDisposable
{
    // Pages of vectors exceed gRPC's default of 4 MB.
    private const int MaxAnswerBytes = 256 << 20;
    private static readonly TimeSpan MaxRetryDelay = TimeSpan.FromSeconds(10);

    private readonly GrpcChannel _channel;
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

        // The package's own channel and client set no limits, have one deadline for all calls, and log each failure as an error.
        _channel = GrpcChannel.ForAddress(Address, new GrpcChannelOptions
        {
            HttpHandler = CreateHandler(options),
            DisposeHttpClient = true,
            MaxReceiveMessageSize = MaxAnswerBytes,

            // Retried below, where errors are classified.
            MaxRetryAttempts = null,
        });

        // Call credentials would need TLS; a header does not.
        var invoker = options.ApiKey is { } key
            ? _channel.Intercept(metadata =>
            {
                metadata.Add("api-key", key);
                return metadata;
            })
            : _channel.CreateCallInvoker();
        (Points, Collections, Health) = (new(invoker), new(invoker), new(invoker));
    }

    /// <summary>The server's address.</summary>
    public Uri Address { get; }

    /// <summary>Calls that concern points.</summary>
    public Wire.Points.PointsClient Points { get; }

    /// <summary>Calls that concern collections.</summary>
    public Wire.Collections.CollectionsClient Collections { get; }

    /// <summary>The call that returns the server's version.</summary>
    public HealthClient Health { get; }

    /// <summary>Sends a request and returns the answer.</summary>
    /// <exception cref="QuiverException">There was no answer, or an error.</exception>
    public async Task<T> SendAsync<T>(QdrantRequest request, Func<CallOptions, AsyncUnaryCall<T>> call, CancellationToken cancellationToken)
    {
        var context = ResilienceContextPool.Shared.Get(request.Operation, cancellationToken);
        try
        {
            return await _retry.ExecuteAsync(
                static (attempt, state) => new ValueTask<T>(state.Transport.MeasureAsync(state.Request, state.Call, attempt.CancellationToken)),
                context,
                (Transport: this, Request: request, Call: call));
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    public void Dispose() => _channel.Dispose();

    private static SocketsHttpHandler CreateHandler(QdrantOptions options) => new()
    {
        ConnectTimeout = options.ConnectTimeout,
        EnableMultipleHttp2Connections = true,

        // One connection carries all requests: pings detect that it died silently, so that new requests do not wait for it.
        KeepAlivePingDelay = TimeSpan.FromSeconds(15),
        KeepAlivePingTimeout = TimeSpan.FromSeconds(10),
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        AutomaticDecompression = DecompressionMethods.None,
        AllowAutoRedirect = false,
        UseCookies = false,
    };

    private async Task<T> MeasureAsync<T>(QdrantRequest request, Func<CallOptions, AsyncUnaryCall<T>> call, CancellationToken cancellationToken)
    {
        var started = _time.GetTimestamp();
        string? error = null;
        try
        {
            return await SendOnceAsync(request, call, cancellationToken);
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

    private async Task<T> SendOnceAsync<T>(QdrantRequest request, Func<CallOptions, AsyncUnaryCall<T>> call, CancellationToken cancellationToken)
    {
        // The server gets the deadline too, and does not start a request whose caller has given up.
        var options = new CallOptions(deadline: _time.GetUtcNow().UtcDateTime + request.Timeout, cancellationToken: cancellationToken);
        try
        {
            using var answer = call(options);
            return await answer.ResponseAsync;
        }
        catch (RpcException exception) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(exception.Message, exception, cancellationToken);
        }
        catch (RpcException exception)
        {
            throw QdrantFaults.Of(request, Address, exception);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or SocketException)
        {
            throw QdrantFaults.OfTransport(request, Address, exception);
        }
    }

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
/// <param name="Timeout">For each attempt.</param>
internal sealed record QdrantRequest(string Operation, TimeSpan Timeout)
{
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(1);

    /// <summary>The physical collection, if any.</summary>
    public string? Collection { get; init; }

    /// <summary>The points that the request writes or deletes by id; a request of several can be halved when the server finds it too large.</summary>
    public int Points { get; init; }

    /// <summary>
    /// The seconds after which the server answers that a write is not yet applied: a little below the deadline, so that the answer still comes
    /// and the write need not be sent again. Null when the deadline is too short for that.
    /// </summary>
    public ulong? ServerSeconds => Timeout >= Margin * 2 ? (ulong)(Timeout - Margin).TotalSeconds : null;
}
