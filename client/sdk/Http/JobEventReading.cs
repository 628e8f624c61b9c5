namespace Quiver.Client.Http;

/// <summary>What a read from an event stream came to.</summary>
internal enum JobEventReading
{
    /// <summary>An event.</summary>
    Event = 1,

    /// <summary>The server said that nothing follows.</summary>
    Ended = 2,

    /// <summary>The connection broke, or the server ended it without saying that all was told.</summary>
    Lost = 3,
}
