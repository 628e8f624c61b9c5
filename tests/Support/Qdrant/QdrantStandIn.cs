using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Quiver.Tests.Support.Qdrant;

/// <summary>
/// Implements Qdrant's REST API on a loopback port, with points in memory and the faults that a test requests. Where the server's OpenAPI file
/// is available, every request and every answer is validated.
/// </summary>
internal sealed class QdrantStandIn : IAsyncDisposable
{
    private const int MaxLog = 10_000;

    private readonly WebApplication _app;
    private readonly StandInState _state;
    private readonly QdrantContract? _contract = QdrantContract.Shared;
    private readonly ConcurrentQueue<string> _violations = new();
    private int _underWay;
    private int _away;

    private QdrantStandIn(string version, bool isStrict, X509Certificate2? certificate)
    {
        _state = new(version, isStrict);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Listen(IPAddress.Loopback, 0, listen =>
            {
                if (certificate is not null)
                {
                    listen.UseHttps(certificate);
                }
            });
        });
        _app = builder.Build();
        _app.Run(HandleAsync);
    }

    /// <summary>The address.</summary>
    public string Address => _app.Urls.Single();

    /// <summary>Returns the fault of a request; called once per request.</summary>
    public Func<StandInRequest, StandInFault> Faults { get; set; } = static _ => StandInFault.None;

    /// <summary>The key that requests must carry; null for none.</summary>
    public string? ApiKey { get; set; }

    /// <summary>The Retry-After of a throttled request, in seconds.</summary>
    public string RetryAfter { get; set; } = "1";

    /// <summary>Maximum bytes of a body; a larger one gets the server's 400.</summary>
    public int MaxRequestBytes { get; set; } = 32 << 20;

    /// <summary>Runs before a request is answered.</summary>
    public Func<StandInRequest, Task> OnRequest { get; set; } = static _ => Task.CompletedTask;

    /// <summary>The first ten thousand requests.</summary>
    public ConcurrentQueue<StandInRequest> Requests { get; } = new();

    /// <summary>Requests in flight.</summary>
    public int UnderWay => Volatile.Read(ref _underWay);

    public StandInState State => _state;

    /// <summary>Starts it.</summary>
    /// <param name="version">The version that it reports and behaves like.</param>
    /// <param name="isStrict">Whether its collections use strict mode by default.</param>
    /// <param name="certificate">The certificate for TLS and HTTP/2; null for neither.</param>
    public static async Task<QdrantStandIn> StartAsync(string version = "1.17.1", bool isStrict = false, X509Certificate2? certificate = null)
    {
        var standIn = new QdrantStandIn(version, isStrict, certificate);
        await standIn._app.StartAsync(TestContext.Current.CancellationToken);
        return standIn;
    }

    /// <summary>
    /// Restarts: loses the last acknowledged changes of points, and refuses some connections until it is running again.
    /// </summary>
    public void Restart(int losing, int refusing)
    {
        _state.Restart(losing);
        Volatile.Write(ref _away, refusing);
    }

    /// <summary>Stops; fails when a request or an answer violated the server's contract.</summary>
    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        Assert.True(_violations.IsEmpty, "Qdrant's OpenAPI file says otherwise:\n" + string.Join('\n', _violations.Take(10)));
    }

    private async Task HandleAsync(HttpContext context)
    {
        Interlocked.Increment(ref _underWay);
        try
        {
            await TakeAsync(context);
        }
        finally
        {
            Interlocked.Decrement(ref _underWay);
        }
    }

    private async Task TakeAsync(HttpContext context)
    {
        using var memory = new MemoryStream();
        await context.Request.Body.CopyToAsync(memory, context.RequestAborted);
        var request = new StandInRequest(
            context.Request.Method,
            context.Request.Path,
            context.Request.Query.ToDictionary(member => member.Key, member => member.Value.ToString()),
            (int)memory.Length,
            memory.Length > 0 ? JsonNode.Parse(memory.ToArray()) : null)
        {
            Headers = context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase),
            Protocol = context.Request.Protocol,
        };
        if (Requests.Count < MaxLog)
        {
            Requests.Enqueue(request);
        }

        if (ApiKey is { } key && request.Path != "/" && context.Request.Headers["api-key"] != key)
        {
            // Plain text, as from the server's check of credentials.
            context.Response.StatusCode = 401;
            context.Response.ContentType = "text/plain; charset=utf-8";
            await context.Response.WriteAsync("Must provide an API key or an Authorization bearer token", context.RequestAborted);
            return;
        }

        Check(_contract?.CheckRequest(request));
        await OnRequest(request);
        var answer = request.Bytes > MaxRequestBytes
            ? StandInAnswer.Error(400, $"Payload error: JSON payload ({request.Bytes} bytes) is larger than allowed (limit: {MaxRequestBytes} bytes).")
            : null;
        await AnswerAsync(context, request, answer);
    }

    private async Task AnswerAsync(HttpContext context, StandInRequest request, StandInAnswer? refused)
    {
        var fault = Faults(request);
        if (Interlocked.Decrement(ref _away) >= 0)
        {
            context.Abort();
            return;
        }

        switch (fault)
        {
            case StandInFault.SilenceBefore:
                await SilenceAsync(context);
                return;
            case StandInFault.CutBefore:
                context.Abort();
                return;
            case StandInFault.Throttle:
                context.Response.Headers.RetryAfter = RetryAfter;
                break;
        }

        var answer = refused ?? fault switch
        {
            StandInFault.Throttle => StandInAnswer.Error(429, "Rate limiting exceeded: Write rate limit exceeded, retry later"),
            StandInFault.Error500 => StandInAnswer.Error(500, "Service internal error: scripted"),
            StandInFault.Error503 => StandInAnswer.Error(503, "Service unavailable: The replica set is not ready"),
            StandInFault.Full507 => StandInAnswer.Error(507, "Storage quota exceeded: no space left on device"),
            StandInFault.AcknowledgedThenLost => StandInAnswer.Ok(_state.Noted("acknowledged")),
            StandInFault.TooLarge413 => StandInAnswer.Error(413, "Request Entity Too Large"),
            StandInFault.Invalid422 => StandInAnswer.Error(422, "Validation error in JSON body: [points[0].vector: scripted]"),
            _ => _state.Answer(request, late: fault == StandInFault.WaitTimeout),
        };
        answer = fault switch
        {
            StandInFault.Error500After => StandInAnswer.Error(500, "Service internal error: scripted, after applying"),
            StandInFault.Error408After => StandInAnswer.Error(408, "Timeout error: Operation 'update' timed out after 1 seconds"),
            _ => answer,
        };
        if (fault == StandInFault.SilenceAfter)
        {
            await SilenceAsync(context);
            return;
        }

        Check(_contract?.CheckAnswer(request, answer));
        await WriteAsync(context, answer, half: fault == StandInFault.CutInAnswer);
    }

    private static async Task WriteAsync(HttpContext context, StandInAnswer answer, bool half)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(answer.Body);
        context.Response.StatusCode = answer.Status;
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = body.Length;
        if (half)
        {
            await context.Response.Body.WriteAsync(body.AsMemory(0, body.Length / 2), context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            context.Abort();
            return;
        }

        await context.Response.Body.WriteAsync(body, context.RequestAborted);
    }

    /// <summary>Does not answer until the caller disconnects.</summary>
    private static async Task SilenceAsync(HttpContext context)
    {
        var gone = new TaskCompletionSource();
        await using var registration = context.RequestAborted.Register(gone.SetResult);
        await gone.Task;
    }

    private void Check(IEnumerable<string>? violations)
    {
        foreach (var violation in violations ?? [])
        {
            _violations.Enqueue(violation);
        }
    }
}
