using System.Diagnostics;
using System.Globalization;
using System.IO.Pipelines;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Quiver.Bench.Measuring;

namespace Quiver.Bench.Provider;

/// <summary>
/// A provider that answers after a fixed time over real HTTP, with as little work as possible: every text gets the same vector. It runs in a
/// separate process: in the same one its answers would queue behind the work of the callers.
/// </summary>
internal sealed class SlowProvider
{
    /// <summary>The first argument of its process; the others are the latency in milliseconds and the limit of requests per minute, 0 for none.</summary>
    public const string Name = "slow-provider";

    /// <summary>Requests that a limited provider accepts at once after a pause.</summary>
    public const int Burst = 5;

    public const int Dimensions = 8;

    /// <summary>Returns a <see cref="ProviderReading"/>.</summary>
    public const string ReadingPath = "/reading";

    private static readonly byte[] Answer = JsonSerializer.SerializeToUtf8Bytes(new
    {
        data = new[] { new { index = 0, embedding = Vector() } },
        usage = new { prompt_tokens = 8, total_tokens = 8 },
    });

    private readonly TimeSpan _latency;
    private readonly int _perMinute;
    private readonly Lock _lock = new();
    private int _calls;
    private int _throttled;
    private long _ticks;

    // The token bucket of a limited provider.
    private double _tokens = Burst;
    private long _filledAt = Stopwatch.GetTimestamp();

    private SlowProvider(TimeSpan latency, int perMinute) => (_latency, _perMinute) = (latency, perMinute);

    /// <summary>Prints its address and answers until standard input ends.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        var provider = new SlowProvider(
            TimeSpan.FromMilliseconds(int.Parse(args[0], CultureInfo.InvariantCulture)), int.Parse(args[1], CultureInfo.InvariantCulture));
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
            await context.Response.WriteAsJsonAsync(new ProviderReading(Volatile.Read(ref _calls), Volatile.Read(ref _throttled), Stopwatch.GetElapsedTime(0, Volatile.Read(ref _ticks))));
            return;
        }

        var started = Stopwatch.GetTimestamp();
        var latency = Task.Delay(_latency);
        await DrainAsync(context.Request.BodyReader, context.RequestAborted);
        await latency;
        if (_perMinute > 0 && TakeToken() is { } wait)
        {
            Interlocked.Increment(ref _throttled);
            context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
            context.Response.Headers["retry-after-ms"] = Math.Ceiling(wait.TotalMilliseconds).ToString(CultureInfo.InvariantCulture);
            return;
        }

        context.Response.ContentType = "application/json";
        context.Response.ContentLength = Answer.Length;
        Interlocked.Add(ref _ticks, Stopwatch.GetTimestamp() - started);
        Interlocked.Increment(ref _calls);
        await context.Response.Body.WriteAsync(Answer, context.RequestAborted);
    }

    /// <summary>Returns how long to wait when no token is left.</summary>
    private TimeSpan? TakeToken()
    {
        lock (_lock)
        {
            var now = Stopwatch.GetTimestamp();
            var perSecond = _perMinute / TimeSpan.FromMinutes(1).TotalSeconds;
            _tokens = Math.Min(Burst, _tokens + (Stopwatch.GetElapsedTime(_filledAt, now).TotalSeconds * perSecond));
            _filledAt = now;
            if (_tokens < 1)
            {
                return TimeSpan.FromSeconds((1 - _tokens) / perSecond);
            }

            _tokens--;
            return null;
        }
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

/// <summary>A <see cref="SlowProvider"/> in a child process.</summary>
internal sealed class SlowProviderProcess : IAsyncDisposable
{
    private static readonly TimeSpan ExitTimeout = TimeSpan.FromSeconds(30);

    private readonly Process _process;
    private readonly Uri _root;
    private readonly HttpClient _http = new();

    private SlowProviderProcess(Process process, Uri root) => (_process, _root) = (process, root);

    public string Address => new Uri(_root, "/v1").AbsoluteUri;

    public static async Task<SlowProviderProcess> StartAsync(TimeSpan latency, int perMinute = 0)
    {
        var process = ThisProgram.Start(
            SlowProvider.Name, latency.TotalMilliseconds.ToString(CultureInfo.InvariantCulture), perMinute.ToString(CultureInfo.InvariantCulture));
        if (await process.StandardOutput.ReadLineAsync() is { } address)
        {
            return new(process, new Uri(address));
        }

        process.Dispose();
        throw new InvalidOperationException("The slow provider did not start.");
    }

    public async Task<ProviderReading> ReadAsync() => (await _http.GetFromJsonAsync<ProviderReading>(new Uri(_root, SlowProvider.ReadingPath)))!;

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        _process.StandardInput.Close();
        await _process.WaitForExitAsync().WaitAsync(ExitTimeout);
        _process.Dispose();
    }
}

/// <summary>The counters of a provider.</summary>
/// <param name="Calls">Requests answered.</param>
/// <param name="Throttled">Requests throttled, which <paramref name="Calls"/> does not count.</param>
/// <param name="Busy">The sum of their durations, from the request's headers to the answer: a timer of 50 ms takes 50 to 53.</param>
internal sealed record ProviderReading(int Calls, int Throttled, TimeSpan Busy);
