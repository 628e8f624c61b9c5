using Microsoft.Extensions.Options;
using Quiver.Silo.Options;

namespace Quiver.Silo.Serving;

/// <summary>Limits how long requests delay a stop: after the grace they are aborted, and jobs have the rest of the drain timeout.</summary>
internal sealed class RequestGraceMiddleware : IDisposable
{
    private readonly RequestDelegate _next;
    private readonly CancellationTokenSource _graceEnded;
    private readonly CancellationTokenRegistration _stopping;

    public RequestGraceMiddleware(RequestDelegate next, IHostApplicationLifetime lifetime, IOptions<ServerOptions> options, TimeProvider time)
    {
        _next = next;
        _graceEnded = new(Timeout.InfiniteTimeSpan, time);
        _stopping = lifetime.ApplicationStopping.Register(() => _graceEnded.CancelAfter(options.Value.RequestGrace));
    }

    /// <summary>Called by the framework for each request.</summary>
    public async Task InvokeAsync(HttpContext context)
    {
        await using var registration = _graceEnded.Token.UnsafeRegister(static state => ((HttpContext)state!).Abort(), context);
        await _next(context);
    }

    public void Dispose()
    {
        _stopping.Dispose();
        _graceEnded.Dispose();
    }
}
