using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Quiver.Core.Embedding;
using Quiver.Core.Embedding.Providers;

namespace Quiver.Tests.Support.Providers;

/// <summary>An embedding provider over real HTTP with scripted answers; without a script, the correct ones.</summary>
internal sealed class ScriptedProvider : IAsyncDisposable
{
    private readonly WebApplication _app;
    private int _requests;
    private int _inFlight;
    private int _maxInFlight;

    private ScriptedProvider(WebApplication app) => _app = app;

    /// <summary>Up to <c>/v1</c>.</summary>
    public string Address => $"{_app.Urls.First()}/v1";

    /// <summary>All requests.</summary>
    public ConcurrentQueue<ProviderRequest> Requests { get; } = new();

    /// <summary>Texts that were answered with a vector, without those of control requests, which belong to no job.</summary>
    public ConcurrentQueue<string> Embedded { get; } = new();

    /// <summary>The requests answered with 200, which a service charges for, without control requests.</summary>
    public ConcurrentQueue<ProviderRequest> Charged { get; } = new();

    /// <summary>Answers a request; the token is cancelled when the caller disconnects.</summary>
    public Func<ProviderRequest, CancellationToken, Task<ProviderReply>> Script { get; set; } = (request, _) => Task.FromResult(ProviderReply.Ok(request));

    /// <summary>
    /// Requests of <see cref="ModelCheck.Text"/>, by which jobs check the model. They are in no other count, and <see cref="AnswersProbe"/>
    /// answers them instead of the script.
    /// </summary>
    public ConcurrentQueue<ProviderRequest> Probes { get; } = new();

    /// <summary>Answers a probe. Default: correctly.</summary>
    public Func<ProviderRequest, ProviderReply> AnswersProbe { get; set; } = ProviderReply.Ok;

    /// <summary>The required API key; null accepts any.</summary>
    public string? Key { get; set; }

    /// <summary>The maximum of <see cref="InFlight"/> so far.</summary>
    public int MaxInFlight => Volatile.Read(ref _maxInFlight);

    /// <summary>Requests that wait for their answer.</summary>
    public int InFlight => Volatile.Read(ref _inFlight);

    public static async Task<ScriptedProvider> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddRoutingCore();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        var provider = new ScriptedProvider(app);
        app.Run(provider.AnswerAsync);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return provider;
    }

    /// <summary>A script without waits.</summary>
    public void Answers(Func<ProviderRequest, ProviderReply> script) => Script = (request, _) => Task.FromResult(script(request));

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        // Read first: a request that is cut while it is read does not count.
        var request = await ReadAsync(context);
        if (request.Texts is [ModelCheck.Text])
        {
            Probes.Enqueue(request);
            await WriteAsync(context, Refuse(request) ?? AnswersProbe(request));
            return;
        }

        var most = Interlocked.Increment(ref _inFlight);
        for (var seen = _maxInFlight; seen < most; seen = _maxInFlight)
        {
            Interlocked.CompareExchange(ref _maxInFlight, most, seen);
        }

        try
        {
            Requests.Enqueue(request);
            var reply = Refuse(request) ?? await Script(request, context.RequestAborted);
            await WriteAsync(context, reply);
            if (reply is { Status: 200, CutAfter: null } && request.Texts is not [ControlRequest.Text])
            {
                Charged.Enqueue(request);
                foreach (var text in request.Texts)
                {
                    Embedded.Enqueue(text);
                }
            }
        }
        finally
        {
            Interlocked.Decrement(ref _inFlight);
        }
    }

    private ProviderReply? Refuse(ProviderRequest request) =>
        Key is { } key && request.Headers.GetValueOrDefault("Authorization") != $"Bearer {key}" && request.Headers.GetValueOrDefault("api-key") != key
            ? ProviderReply.Error(401, $"Incorrect API key provided: {request.Headers.GetValueOrDefault("Authorization")}")
            : null;

    private async Task<ProviderRequest> ReadAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var body = await reader.ReadToEndAsync(context.RequestAborted);
        using var json = JsonDocument.Parse(body);
        ImmutableArray<string> texts = [.. json.RootElement.GetProperty("input").EnumerateArray().Select(text => text.GetString()!)];
        var headers = context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        var number = texts is [ModelCheck.Text] ? -1 : Interlocked.Increment(ref _requests) - 1;
        return new ProviderRequest(number, texts, body, context.Request.Path + context.Request.QueryString, headers);
    }

    private static async Task WriteAsync(HttpContext context, ProviderReply reply)
    {
        var bytes = reply.Bytes();
        context.Response.StatusCode = reply.Status;
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = bytes.Length;
        foreach (var (name, value) in reply.Headers)
        {
            context.Response.Headers[name] = value;
        }

        await context.Response.Body.WriteAsync(bytes.AsMemory(0, reply.CutAfter ?? bytes.Length), context.RequestAborted);
        if (reply.CutAfter is not null)
        {
            await context.Response.Body.FlushAsync(context.RequestAborted);
            context.Abort();
        }
    }
}
