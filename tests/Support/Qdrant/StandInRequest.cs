using Google.Protobuf;
using Wire = Qdrant.Client.Grpc;

namespace Quiver.Tests.Support.Qdrant;

/// <summary>A received request.</summary>
/// <param name="Operation">Service and method, such as <c>Points.Upsert</c>; <c>telemetry</c> for the one request of REST.</param>
/// <param name="Message">The message; null for REST.</param>
/// <param name="Bytes">The message's length.</param>
internal sealed record StandInRequest(string Operation, IMessage? Message, int Bytes)
{
    /// <summary>The headers, by case-insensitive name.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Such as HTTP/2.</summary>
    public string Protocol { get; init; } = "";

    /// <summary>True for requests that change points.</summary>
    public bool ChangesPoints => Message is Wire.UpsertPoints or Wire.DeletePoints;

    /// <summary>True for the request that identifies the server's process.</summary>
    public bool IsTelemetry => Operation == "telemetry";

    /// <summary>The points of an upsert; none for other requests.</summary>
    public IReadOnlyList<StandInPoint> Points => Message is Wire.UpsertPoints upsert ? [.. upsert.Points.Select(StandInPoint.Read)] : [];
}

/// <summary>The fault of a request.</summary>
internal enum StandInFault
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Too many requests, with the time to wait; nothing is applied.</summary>
    Throttle,

    /// <summary>An internal error before anything is applied.</summary>
    Internal,

    /// <summary>An internal error after everything is applied.</summary>
    InternalAfter,

    /// <summary>A shard is unavailable; nothing is applied.</summary>
    Unavailable,

    /// <summary>A shard is not found, though the collection is there; nothing is applied.</summary>
    ShardMissing,

    /// <summary>The quota of the server's storage is used up; nothing is applied.</summary>
    QuotaFull,

    /// <summary>The server's disk is full, which it calls an internal error; nothing is applied.</summary>
    DiskFull,

    /// <summary>A timeout after everything is applied, as when a shard is slow.</summary>
    TimeoutAfter,

    /// <summary>The server's own timer cancels the request; nothing is applied.</summary>
    TimeoutExpired,

    /// <summary>No answer; nothing is applied.</summary>
    SilenceBefore,

    /// <summary>No answer; everything is applied.</summary>
    SilenceAfter,

    /// <summary>The stream breaks before anything is applied.</summary>
    CutBefore,

    /// <summary>The stream breaks in the middle of the answer; everything is applied.</summary>
    CutInAnswer,

    /// <summary>The answer is "acknowledged" although the request waits, and nothing is ever applied.</summary>
    AcknowledgedThenLost,

    /// <summary>The answer is "wait timeout": the write takes longer than the wait, and is applied later.</summary>
    WaitTimeout,

    /// <summary>HTTP's 413, as from a proxy; nothing is applied.</summary>
    TooLarge413,

    /// <summary>The message is not allowed; nothing is applied.</summary>
    Invalid,
}
