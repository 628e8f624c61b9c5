using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using Quiver.Client.Http;
using Quiver.Client.Requests;
using Quiver.Silo.Api.OpenApi;
using Quiver.Silo.Api.Requests;

namespace Quiver.Silo.Api.Events;

/// <summary>A job's events as they happen.</summary>
internal sealed class JobEventsEndpoint(
    EventStreamLimiter limiter, IOptions<ApiOptions> options, TimeProvider time, IHostApplicationLifetime lifetime)
{
    public static void Map(RouteGroupBuilder v1) =>
        v1.MapGet("/jobs/{job}/events", static (
                JobEventsEndpoint endpoint,
                HttpContext context,
                TenantClient tenant,
                string job,
                string? after,
                [FromHeader(Name = EventStreamNames.LastEventId)] string? lastEventId) => endpoint.ServeAsync(context, tenant, job, after, lastEventId))
            .WithTags("Jobs")
            .Describe(
                "watchJob",
                "A job's events as server-sent events: first those that are kept, then live. The id is the sequence number, the name the kind, the data "
                + "the event. After the event that made the job final comes one named 'end', and the stream ends; a stream that ends without it is to be "
                + "taken up again with Last-Event-ID.")
            .Produces<JobEvent>(StatusCodes.Status200OK, EventStreamNames.ContentType)
            .OfJob()
            .Fails(400, ErrorCodes.InvalidOption)
            .Fails(429, RequestErrorCodes.TooManyStreams);

    private async Task ServeAsync(HttpContext context, TenantClient tenant, string job, string? after, string? lastEventId)
    {
        // A browser that reconnects by itself repeats its first address, so the header is the later word.
        var last = string.IsNullOrEmpty(lastEventId) ? QueryValues.Sequence(after, "after") : QueryValues.Sequence(lastEventId, EventStreamNames.LastEventId);
        var id = JobId.Parse(job);
        using var place = limiter.Enter(tenant.Client.Tenant);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        await tenant.Client.GetJobAsync(id, linked.Token);

        context.Response.ContentType = EventStreamNames.ContentType;
        context.Response.Headers.CacheControl = "no-cache, no-store";
        context.Response.Headers["X-Accel-Buffering"] = "no";
        var writer = new ServerSentEventWriter(context.Response.BodyWriter);
        try
        {
            await writer.HeartbeatAsync(linked.Token);
            await CopyAsync(tenant.Client.WatchJobAsync(id, last, linked.Token), writer, linked.Token);
            await writer.EndAsync(linked.Token);
        }
        catch (OperationCanceledException) when (lifetime.ApplicationStopping.IsCancellationRequested && !context.RequestAborted.IsCancellationRequested)
        {
            // The server drains: the stream ends without its last event, which tells the reader to come back.
            await context.Response.CompleteAsync();
        }
    }

    private async Task CopyAsync(IAsyncEnumerable<JobEvent> events, ServerSentEventWriter writer, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await using var source = events.GetAsyncEnumerator(stop.Token);
        Task<bool> next = Task.FromResult(false);
        try
        {
            for (next = source.MoveNextAsync().AsTask(); ; next = source.MoveNextAsync().AsTask())
            {
                while (!await ArrivesAsync(next, stop.Token))
                {
                    await writer.HeartbeatAsync(stop.Token);
                }

                if (!await next)
                {
                    return;
                }

                await writer.WriteAsync(source.Current, stop.Token);
            }
        }
        finally
        {
            // An enumerator must not be disposed while it is being asked.
            await stop.CancelAsync();
            await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>False when a heartbeat is due before the next event is there.</summary>
    private async Task<bool> ArrivesAsync(Task next, CancellationToken cancellationToken)
    {
        if (next.IsCompleted)
        {
            return true;
        }

        using var timer = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var first = await Task.WhenAny(next, Task.Delay(options.Value.EventHeartbeat, time, timer.Token));
        await timer.CancelAsync();
        cancellationToken.ThrowIfCancellationRequested();
        return first == next;
    }
}
