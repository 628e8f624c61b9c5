namespace Quiver.Client.Http;

/// <summary>Quiver's own HTTP headers.</summary>
public static class QuiverHeaders
{
    /// <summary>The tenant of a request; <c>default</c> when missing.</summary>
    public const string Tenant = "X-Quiver-Tenant";

    /// <summary>An idempotency token, which makes a submission safe to repeat.</summary>
    public const string IdempotencyKey = "Idempotency-Key";
}

/// <summary>Names in an event stream, besides the kinds of events.</summary>
internal static class EventStreamNames
{
    /// <summary>The event, without id, that ends a stream: the job is final and nothing follows.</summary>
    public const string End = "end";

    /// <summary>The header with the last sequence number that the client has received.</summary>
    public const string LastEventId = "Last-Event-ID";

    public const string ContentType = "text/event-stream";
}
