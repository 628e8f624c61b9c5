using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Quiver.Tests.Support;

/// <summary>What speaks enough of S3 to hold one object, notes what it is asked for, and fails to hand it out for as long as a test wants.</summary>
internal sealed class FailingS3 : IAsyncDisposable
{
    public const string Address = "s3://bucket/data/a.jsonl";
    public const string ETag = "\"0123456789abcdef0123456789abcdef\"";

    private readonly WebApplication _app;
    private readonly byte[] _content;
    private volatile Tuple<int, string>? _fault;

    private FailingS3(WebApplication app, string content) => (_app, _content) = (app, Encoding.UTF8.GetBytes(content));

    public string Endpoint => _app.Urls.First();

    public long Size => _content.Length;

    /// <summary>How often the object was asked for.</summary>
    public int Reads => Asked.Count;

    /// <summary>The requests for its bytes.</summary>
    public ConcurrentQueue<S3Asked> Asked { get; } = new();

    /// <summary>Requests that are answered rightly before those that fail.</summary>
    public int Sound { get; init; }

    /// <summary>Bytes of the first answer after which the connection is cut, once <see cref="Cut"/> is open; null answers whole.</summary>
    public int? CutAfter { get; init; }

    /// <summary>Where the answer to be cut waits for its reader.</summary>
    public Gate Cut { get; } = new();

    /// <summary>Starts one that works.</summary>
    public static Task<FailingS3> StartAsync(string content, int? cutAfter = null) => StartAsync(content, null, 0, cutAfter);

    /// <summary>Starts one that fails behind some requests, with a status and a code; with the status 0 it is silent.</summary>
    public static Task<FailingS3> StartAsync(int status, string code, string content = """{"text":"all there is"}""" + "\n", int sound = 0) =>
        StartAsync(content, Tuple.Create(status, code), sound, null);

    public void Repair() => _fault = null;

    public async ValueTask DisposeAsync()
    {
        Cut.Dispose();
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
    }

    private static async Task<FailingS3> StartAsync(string content, Tuple<int, string>? fault, int sound, int? cutAfter)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddRoutingCore();
        builder.Logging.ClearProviders();
        var s3 = new FailingS3(builder.Build(), content) { _fault = fault, Sound = sound, CutAfter = cutAfter };
        s3._app.Run(s3.AnswerAsync);
        await s3._app.StartAsync(TestContext.Current.CancellationToken);
        return s3;
    }

    private async Task AnswerAsync(HttpContext context)
    {
        context.Response.Headers.ETag = ETag;
        if (HttpMethods.IsHead(context.Request.Method))
        {
            context.Response.ContentLength = Size;
            return;
        }

        var headers = context.Request.Headers;
        var range = context.Request.GetTypedHeaders().Range?.Ranges.Single();
        Asked.Enqueue(new(range?.From, range?.To, headers.IfMatch, headers.Authorization));
        if (_fault is var (status, code) && Reads > Sound)
        {
            await FailAsync(context, status, code);
        }
        else if (headers.IfMatch.Count > 0 && headers.IfMatch != ETag)
        {
            await FailAsync(context, StatusCodes.Status412PreconditionFailed, "PreconditionFailed");
        }
        else
        {
            await GiveAsync(context, (int)(range?.From ?? 0), (int)Math.Min(range?.To + 1 ?? Size, Size));
        }
    }

    private async Task GiveAsync(HttpContext context, int from, int to)
    {
        context.Response.StatusCode = StatusCodes.Status206PartialContent;
        context.Response.ContentLength = to - from;
        if (CutAfter is not { } bytes || Reads > 1)
        {
            await context.Response.Body.WriteAsync(_content.AsMemory(from, to - from), context.RequestAborted);
            return;
        }

        await context.Response.Body.WriteAsync(_content.AsMemory(from, bytes), context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
        await Cut.PassAsync(context.RequestAborted);
        context.Abort();
    }

    private static async Task FailAsync(HttpContext context, int status, string code)
    {
        if (status == 0)
        {
            using var never = new Gate();
            await never.PassAsync(context.RequestAborted);
        }

        context.Response.StatusCode = status;
        context.Response.ContentType = "application/xml";
        await context.Response.WriteAsync($"<Error><Code>{code}</Code><Message>Not now.</Message></Error>", context.RequestAborted);
    }
}
