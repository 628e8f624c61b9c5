using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using Quiver.Client.Http;
using Quiver.Client.Json;
using Quiver.Client.Requests;
using Quiver.Silo.Api.OpenApi;
using Quiver.Silo.Api.Requests;
using Quiver.Silo.Options;

namespace Quiver.Silo.Api.Events;

/// <summary>Streams a job's events as server-sent events.</summary>
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
                "A job's events as server-sent events: first the stored ones, then live. The id is the sequence number, the name is the kind, the data is "
                + "the event. After the event that makes the job final comes one named 'end', and the stream ends. When a stream ends without it, continue "
                + "with Last-Event-ID.")
            .Produces<JobEvent>(StatusCodes.Status200OK, EventStreamNames.ContentType)
            .OfJob()
            .Fails(400, ErrorCodes.InvalidOption)
            .Fails(429, RequestErrorCodes.TooManyStreams);

    private async Task ServeAsync(HttpContext context, TenantClient tenant, string job, string? after, string? lastEventId)
    {
        // A browser that reconnects repeats the first address, so the header is newer than the query.
        var last = string.IsNullOrEmpty(lastEventId) ? QueryValues.Sequence(after, "after") : QueryValues.Sequence(lastEventId, EventStreamNames.LastEventId);
        var id = JobId.Parse(job);
        using var slot = limiter.Enter(tenant.Client.Tenant);
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
            // The server drains: without the event 'end' the client reconnects.
            await context.Response.CompleteAsync();
        }
    }

    private async Task CopyAsync(IAsyncEnumerable<JobEvent> events, ServerSentEventWriter writer, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await using var source = events.GetAsyncEnumerator(stop.Token);
        var next = Task.FromResult(false);
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
            // An enumerator must not be disposed while MoveNextAsync runs.
            await stop.CancelAsync();
            await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>False when a heartbeat is due before the next event arrives.</summary>
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

/// <summary>Writes job events as server-sent events, each flushed at once. Not thread-safe.</summary>
internal sealed class ServerSentEventWriter(PipeWriter output)
{
    /// <summary>Writes an event: its sequence number as id, its kind as name, and the event as one line of JSON.</summary>
    public async Task WriteAsync(JobEvent item, CancellationToken cancellationToken)
    {
        WriteText(string.Create(CultureInfo.InvariantCulture, $"id: {item.Sequence}\nevent: {EnumNames<JobEventKind>.Of(item.Kind)}\ndata: "));
        output.Write(JsonSerializer.SerializeToUtf8Bytes(item, QuiverJsonContext.Shared.JobEvent));
        WriteText("\n\n");
        await output.FlushAsync(cancellationToken);
    }

    /// <summary>Writes a comment, which readers skip; it shows that the connection is alive.</summary>
    public async Task HeartbeatAsync(CancellationToken cancellationToken)
    {
        WriteText(":\n\n");
        await output.FlushAsync(cancellationToken);
    }

    /// <summary>Writes the end of the stream: the job is final. It has no id, which keeps the reader's last id.</summary>
    public async Task EndAsync(CancellationToken cancellationToken)
    {
        WriteText($"event: {EventStreamNames.End}\ndata: {{}}\n\n");
        await output.FlushAsync(cancellationToken);
    }

    private void WriteText(string text) => Encoding.UTF8.GetBytes(text, output);
}
