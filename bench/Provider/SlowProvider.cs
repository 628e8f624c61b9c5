using System.Diagnostics;
using System.IO.Pipelines;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Quiver.Bench.Provider;

/// <summary>A provider that answers after a fixed time, over real HTTP, and costs as little as a server can: one text in, the same vector out.</summary>
internal sealed class SlowProvider : IAsyncDisposable
{
    public const int Dimensions = 8;

    private static readonly byte[] Answer = JsonSerializer.SerializeToUtf8Bytes(new
    {
        data = new[] { new { index = 0, embedding = Vector() } },
        usage = new { prompt_tokens = 8, total_tokens = 8 },
    });

    private readonly WebApplication _app;
    private readonly TimeSpan _latency;
    private int _calls;
    private long _ticks;

    private SlowProvider(WebApplication app, TimeSpan latency) => (_app, _latency) = (app, latency);

    public string Address => $"{_app.Urls.First()}/v1";

    /// <summary>Requests answered so far.</summary>
    public int Calls => Volatile.Read(ref _calls);

    /// <summary>How long all of them took together, from the request's headers to the answer: a timer of 50 ms takes 50 to 52.</summary>
    public TimeSpan Busy => Stopwatch.GetElapsedTime(0, Volatile.Read(ref _ticks));

    public static async Task<SlowProvider> StartAsync(TimeSpan latency)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddRoutingCore();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        var provider = new SlowProvider(app, latency);
        app.Run(provider.AnswerAsync);
        await app.StartAsync();
        return provider;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
    }

    private static string Vector()
    {
        var bytes = new byte[Dimensions * sizeof(float)];
        Buffer.BlockCopy(new float[] { 1, 0, 0, 0, 0, 0, 0, 0 }, 0, bytes, 0, bytes.Length);
        return Convert.ToBase64String(bytes);
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var started = Stopwatch.GetTimestamp();
        var latency = Task.Delay(_latency);
        await DrainAsync(context.Request.BodyReader, context.RequestAborted);
        await latency;
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = Answer.Length;
        Interlocked.Add(ref _ticks, Stopwatch.GetTimestamp() - started);
        Interlocked.Increment(ref _calls);
        await context.Response.Body.WriteAsync(Answer, context.RequestAborted);
    }

    private static async Task DrainAsync(PipeReader body, CancellationToken cancellationToken)
    {
        while (true)
        {
            var read = await body.ReadAsync(cancellationToken);
            body.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
            {
                return;
            }
        }
    }
}
