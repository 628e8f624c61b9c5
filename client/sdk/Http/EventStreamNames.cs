namespace Quiver.Client.Http;

/// <summary>What server and client agree on about event streams, besides the names of the kinds of events.</summary>
internal static class EventStreamNames
{
    /// <summary>The name of the event, without id, that closes a stream: the job is final and nothing follows.</summary>
    public const string End = "end";

    /// <summary>The header with the last sequence number that the client has seen.</summary>
    public const string LastEventId = "Last-Event-ID";

    /// <summary>The content type.</summary>
    public const string ContentType = "text/event-stream";
}
