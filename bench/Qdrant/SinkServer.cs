using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Quiver.Bench.Qdrant;

/// <summary>Accepts points as a Qdrant server does, and discards them: reads a write completely, waits, and reports that it is completed.</summary>
internal sealed class SinkServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly TimeSpan _service;

    private SinkServer(TimeSpan service)
    {
        _service = service;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0").ConfigureKestrel(static kestrel => kestrel.Limits.MaxRequestBodySize = null);
        _app = builder.Build();
        _app.Run(AnswerAsync);
    }

    /// <summary>The address.</summary>
    public Uri Address => new(_app.Urls.Single());

    /// <summary>Starts it.</summary>
    /// <param name="service">The time that a write takes after it was received.</param>
    public static async Task<SinkServer> StartAsync(TimeSpan service)
    {
        var server = new SinkServer(service);
        await server._app.StartAsync();
        return server;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        var buffer = new byte[64 << 10];
        while (await context.Request.Body.ReadAsync(buffer, context.RequestAborted) > 0)
        {
        }

        var path = context.Request.Path.Value!;
        if (HttpMethods.IsPut(context.Request.Method) && path.EndsWith("/points", StringComparison.Ordinal))
        {
            await Task.Delay(_service, context.RequestAborted);
        }

        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(
            path switch
            {
                "/" => """{"title":"sink","version":"1.17.0"}""",
                _ when path.EndsWith("/count", StringComparison.Ordinal) => """{"result":{"count":0},"status":"ok","time":0.0}""",
                _ => """{"result":{"operation_id":1,"status":"completed"},"status":"ok","time":0.0}""",
            },
            context.RequestAborted);
    }
}
