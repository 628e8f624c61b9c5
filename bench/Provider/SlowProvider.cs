using System.Diagnostics;
using System.Globalization;
using System.IO.Pipelines;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Quiver.Bench.Provider;

/// <summary>
/// A provider that answers after a fixed time, over real HTTP, and costs as little as a server can: one text in, the same vector out. It is a
/// process of its own, as providers are: in the same one its answers would queue up behind the work of those who wait for them.
/// </summary>
internal sealed class SlowProvider
{
    /// <summary>The first argument of its process; the second is how many milliseconds an answer takes.</summary>
    public const string Name = "slow-provider";

    public const int Dimensions = 8;

    /// <summary>Where it tells what it has done, as <see cref="ProviderReading"/>.</summary>
    public const string ReadingPath = "/reading";

    private static readonly byte[] Answer = JsonSerializer.SerializeToUtf8Bytes(new
    {
        data = new[] { new { index = 0, embedding = Vector() } },
        usage = new { prompt_tokens = 8, total_tokens = 8 },
    });

    private readonly TimeSpan _latency;
    private int _calls;
    private long _ticks;

    private SlowProvider(TimeSpan latency) => _latency = latency;

    /// <summary>Prints its address and answers until standard input ends.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        var provider = new SlowProvider(TimeSpan.FromMilliseconds(int.Parse(args[0], CultureInfo.InvariantCulture)));
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddRoutingCore();
        builder.Logging.ClearProviders();
        await using var app = builder.Build();
        app.Run(provider.AnswerAsync);
        await app.StartAsync();
        Console.WriteLine(app.Urls.First());
        await Console.In.ReadToEndAsync();
        await app.StopAsync(new CancellationToken(canceled: true));
        return 0;
    }

    private static string Vector()
    {
        var bytes = new byte[Dimensions * sizeof(float)];
        Buffer.BlockCopy(new float[] { 1, 0, 0, 0, 0, 0, 0, 0 }, 0, bytes, 0, bytes.Length);
        return Convert.ToBase64String(bytes);
    }

    private async Task AnswerAsync(HttpContext context)
    {
        if (context.Request.Path == ReadingPath)
        {
            await context.Response.WriteAsJsonAsync(new ProviderReading(Volatile.Read(ref _calls), Stopwatch.GetElapsedTime(0, Volatile.Read(ref _ticks))));
            return;
        }

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
