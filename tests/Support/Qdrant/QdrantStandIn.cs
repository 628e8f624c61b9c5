using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Google.Protobuf;
using Grpc.AspNetCore.Server.Model;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Wire = Qdrant.Client.Grpc;

namespace Quiver.Tests.Support.Qdrant;

/// <summary>
/// Implements Qdrant's gRPC API on a loopback port, over the messages of Qdrant's own client, and the one part of its REST API that is used on
/// another port. Points are in memory; faults are those that a test requests.
/// </summary>
internal sealed class QdrantStandIn : IAsyncDisposable
{
    private const int MaxLog = 10_000;

    private readonly WebApplication _app;
    private readonly StandInState _state;
    private ListenOptions? _grpc;
    private ListenOptions? _rest;
    private int _underWay;
    private int _away;

    private QdrantStandIn(string version, bool isStrict, X509Certificate2? certificate)
    {
        _state = new(version, isStrict);
        IsSecure = certificate is not null;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddGrpc(static options => options.MaxReceiveMessageSize = null);
        builder.Services.AddSingleton(new StandInService(this));
        builder.Services.AddSingleton<IServiceMethodProvider<StandInService>>(new StandInMethods());
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Listen(IPAddress.Loopback, 0, listen =>
            {
                listen.Protocols = HttpProtocols.Http2;
                if (certificate is not null)
                {
                    listen.UseHttps(certificate);
                }

                _grpc = listen;
            });
            kestrel.Listen(IPAddress.Loopback, 0, listen =>
            {
                listen.Protocols = HttpProtocols.Http1;
                _rest = listen;
            });
        });
        _app = builder.Build();
        _app.MapGrpcService<StandInService>();
        _app.MapGet("/telemetry", TakeTelemetryAsync);
    }

    /// <summary>The address of the gRPC API.</summary>
    public string Address => $"{(IsSecure ? "https" : "http")}://127.0.0.1:{_grpc!.IPEndPoint!.Port}";

    /// <summary>The address of the REST API.</summary>
    public string RestAddress => $"http://127.0.0.1:{_rest!.IPEndPoint!.Port}";

    /// <summary>Returns the fault of a request; called once per request.</summary>
    public Func<StandInRequest, StandInFault> Faults { get; set; } = static _ => StandInFault.None;

    /// <summary>The key that requests must carry; null for none.</summary>
    public string? ApiKey { get; set; }

    /// <summary>The retry-after of a throttled request, in seconds.</summary>
    public string RetryAfter { get; set; } = "1";

    /// <summary>Maximum bytes of a message that the proxy before the server lets through; the server itself has no limit.</summary>
    public int MaxRequestBytes { get; set; } = int.MaxValue;

    /// <summary>Runs before a request is answered.</summary>
    public Func<StandInRequest, Task> OnRequest { get; set; } = static _ => Task.CompletedTask;

    /// <summary>The first ten thousand requests.</summary>
    public ConcurrentQueue<StandInRequest> Requests { get; } = new();

    /// <summary>Requests in flight.</summary>
    public int UnderWay => Volatile.Read(ref _underWay);

    public StandInState State => _state;

    private bool IsSecure { get; }

    /// <summary>Starts it.</summary>
    /// <param name="version">The version that it reports and behaves like.</param>
    /// <param name="isStrict">Whether its collections use strict mode by default.</param>
    /// <param name="certificate">The certificate for TLS; null for none.</param>
    public static async Task<QdrantStandIn> StartAsync(string version = "1.17.1", bool isStrict = false, X509Certificate2? certificate = null)
    {
        var standIn = new QdrantStandIn(version, isStrict, certificate);
        await standIn._app.StartAsync(TestContext.Current.CancellationToken);
        return standIn;
    }

    /// <summary>
    /// Restarts: loses the last acknowledged changes of points, and breaks some connections until it is running again.
    /// </summary>
    public void Restart(int losing, int refusing)
    {
        _state.Restart(losing);
        Volatile.Write(ref _away, refusing);
    }

    public async ValueTask DisposeAsync()
    {
        // Connections that are silent on request must not delay the end.
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
    }

    /// <summary>Takes a call, with the fault that befalls it.</summary>
    /// <param name="operation">Service and method, such as <c>Points.Upsert</c>.</param>
    /// <param name="message">The request.</param>
    /// <param name="call">The call.</param>
    /// <param name="answer">Applies and answers the request; a late one is applied after its answer.</param>
    public async Task<TResponse> TakeAsync<TRequest, TResponse>(
        string operation, TRequest message, ServerCallContext call, Func<TRequest, bool, TResponse> answer)
        where TRequest : IMessage
        where TResponse : class
    {
        Interlocked.Increment(ref _underWay);
        try
        {
            var http = call.GetHttpContext();
            var request = Note(new(operation, message, message.CalculateSize()), http);
            if (ApiKey is { } key && operation != "Qdrant.HealthCheck" && http.Request.Headers["api-key"] != key)
            {
                throw StandInErrors.Of(StatusCode.Unauthenticated, "Must provide an API key or an Authorization bearer token");
            }

            await OnRequest(request);
            return await AnswerAsync(request, message, http, answer);
        }
        finally
        {
            Interlocked.Decrement(ref _underWay);
        }
    }

    private async Task<TResponse> AnswerAsync<TRequest, TResponse>(
        StandInRequest request, TRequest message, HttpContext http, Func<TRequest, bool, TResponse> answer)
        where TResponse : class
    {
        var fault = Faults(request);
        if (Interlocked.Decrement(ref _away) >= 0)
        {
            http.Features.Get<IConnectionLifetimeFeature>()!.Abort();
            throw StandInErrors.Of(StatusCode.Unavailable, "restarting");
        }

        if (fault == StandInFault.TooLarge413 || request.Bytes > MaxRequestBytes)
        {
            await StandInErrors.RefuseAsync(http, StatusCodes.Status413RequestEntityTooLarge);
        }

        await StandInErrors.BeforeAsync(fault, http, RetryAfter);
        if (fault == StandInFault.AcknowledgedThenLost)
        {
            return _state.Noted(Wire.UpdateStatus.Acknowledged) as TResponse ?? throw new InvalidOperationException($"{request.Operation} is never acknowledged.");
        }

        var response = answer(message, fault == StandInFault.WaitTimeout);
        await StandInErrors.AfterAsync(fault, http);
        return response;
    }

    /// <summary>Takes the one request of REST.</summary>
    private async Task TakeTelemetryAsync(HttpContext http)
    {
        var request = Note(new("telemetry", null, 0), http);
        if (ApiKey is { } key && http.Request.Headers["api-key"] != key)
        {
            http.Response.StatusCode = StatusCodes.Status401Unauthorized;
            await http.Response.WriteAsync("Must provide an API key or an Authorization bearer token", http.RequestAborted);
            return;
        }

        await OnRequest(request);
        var fault = Faults(request);
        if (Interlocked.Decrement(ref _away) >= 0)
        {
            http.Abort();
            return;
        }

        switch (fault)
        {
            case StandInFault.None:
                await http.Response.WriteAsJsonAsync(new { result = new { id = _state.Instance }, status = "ok", time = 0.001 }, http.RequestAborted);
                break;
            case StandInFault.Invalid:
                http.Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
                break;
            case StandInFault.Throttle:
                http.Response.StatusCode = StatusCodes.Status429TooManyRequests;
                break;
            case StandInFault.CutBefore or StandInFault.CutInAnswer:
                http.Abort();
                break;
            default:
                http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
                break;
        }
    }

    private StandInRequest Note(StandInRequest request, HttpContext http)
    {
        var noted = request with
        {
            Headers = http.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase),
            Protocol = http.Request.Protocol,
        };
        if (Requests.Count < MaxLog)
        {
            Requests.Enqueue(noted);
        }

        return noted;
    }
}
