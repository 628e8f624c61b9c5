using Microsoft.Extensions.Options;

namespace Quiver.Silo.Serving;

/// <summary>
/// Bounds how long requests hold up a stop: after the grace they are broken off, so that the rest of the drain's time is the jobs'.
/// </summary>
internal sealed class RequestGraceMiddleware : IDisposable
{
    private readonly RequestDelegate _next;
    private readonly CancellationTokenSource _over;
    private readonly CancellationTokenRegistration _stopping;

    public RequestGraceMiddleware(RequestDelegate next, IHostApplicationLifetime lifetime, IOptions<ServerOptions> options, TimeProvider time)
    {
        _next = next;
        _over = new(Timeout.InfiniteTimeSpan, time);
        _stopping = lifetime.ApplicationStopping.Register(() => _over.CancelAfter(options.Value.RequestGrace));
    }

    /// <summary>Called by the framework for each request.</summary>
    public async Task InvokeAsync(HttpContext context)
    {
        await using var registration = _over.Token.UnsafeRegister(static state => ((HttpContext)state!).Abort(), context);
        await _next(context);
    }

    public void Dispose()
    {
        _stopping.Dispose();
        _over.Dispose();
    }
}
