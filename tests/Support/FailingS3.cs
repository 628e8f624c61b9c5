using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Quiver.Tests.Support;

/// <summary>What speaks enough of S3 to hold one object, and fails to hand it out for as long as a test wants.</summary>
internal sealed class FailingS3 : IAsyncDisposable
{
    public const string Address = "s3://bucket/data/a.jsonl";

    private const string ETag = "\"0123456789abcdef0123456789abcdef\"";
    private const string Content = """{"text":"all there is"}""" + "\n";

    private readonly WebApplication _app;
    private int _reads;
    private (int Status, string Code)? _fault;

    private FailingS3(WebApplication app) => _app = app;

    public string Endpoint => _app.Urls.First();

    /// <summary>How often the object was asked for.</summary>
    public int Reads => Volatile.Read(ref _reads);

    public static async Task<FailingS3> StartAsync(int status, string code)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddRoutingCore();
        builder.Logging.ClearProviders();
        var s3 = new FailingS3(builder.Build()) { _fault = (status, code) };
        s3._app.Run(s3.AnswerAsync);
        await s3._app.StartAsync(TestContext.Current.CancellationToken);
        return s3;
    }

    public void Mend() => _fault = null;

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        context.Response.Headers.ETag = ETag;
        if (HttpMethods.IsHead(context.Request.Method))
        {
            context.Response.ContentLength = Content.Length;
            return;
        }

        Interlocked.Increment(ref _reads);
        if (_fault is { } fault)
        {
            context.Response.StatusCode = fault.Status;
            context.Response.ContentType = "application/xml";
            await context.Response.WriteAsync($"<Error><Code>{fault.Code}</Code><Message>Not now.</Message></Error>", context.RequestAborted);
            return;
        }

        context.Response.StatusCode = StatusCodes.Status206PartialContent;
        context.Response.ContentLength = Content.Length;
        await context.Response.WriteAsync(Content, context.RequestAborted);
    }
}
