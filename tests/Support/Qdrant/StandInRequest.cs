using System.Text.Json.Nodes;

namespace Quiver.Tests.Support.Qdrant;

/// <summary>A received request.</summary>
/// <param name="Method">GET, PUT, …</param>
/// <param name="Path">Without the query.</param>
/// <param name="Query">The query's members.</param>
/// <param name="Bytes">The body's length.</param>
/// <param name="Body">The body; null for none.</param>
internal sealed record StandInRequest(string Method, string Path, IReadOnlyDictionary<string, string> Query, int Bytes, JsonNode? Body)
{
    /// <summary>The headers, by case-insensitive name.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Such as HTTP/1.1.</summary>
    public string Protocol { get; init; } = "";

    /// <summary>True for requests that change points.</summary>
    public bool ChangesPoints => (Method == "PUT" && Path.EndsWith("/points", StringComparison.Ordinal)) || Path.EndsWith("/points/delete", StringComparison.Ordinal);

    /// <summary>True when the answer waits until the write is applied.</summary>
    public bool Waits => Query.GetValueOrDefault("wait") == "true";
}

/// <summary>The answer to a request.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Body">The JSON body.</param>
internal sealed record StandInAnswer(int Status, JsonNode Body)
{
    public static StandInAnswer Ok(JsonNode? result) => new(200, new JsonObject { ["result"] = result, ["status"] = "ok", ["time"] = 0.001 });

    public static StandInAnswer Error(int status, string error) =>
        new(status, new JsonObject { ["status"] = new JsonObject { ["error"] = error }, ["time"] = 0.0 });

    public static StandInAnswer Missing(string collection) => Error(404, $"Not found: Collection `{collection}` doesn't exist!");
}

/// <summary>The fault of a request.</summary>
internal enum StandInFault
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>429 with Retry-After; nothing is applied.</summary>
    Throttle,

    /// <summary>500 before anything is applied.</summary>
    Error500,

    /// <summary>500 after everything is applied.</summary>
    Error500After,

    /// <summary>503 before anything is applied.</summary>
    Error503,

    /// <summary>507: the storage is full; nothing is applied.</summary>
    Full507,

    /// <summary>408 after everything is applied, as when a shard is slow.</summary>
    Error408After,

    /// <summary>No answer; nothing is applied.</summary>
    SilenceBefore,

    /// <summary>No answer; everything is applied.</summary>
    SilenceAfter,

    /// <summary>The connection breaks before anything is applied.</summary>
    CutBefore,

    /// <summary>The connection breaks in the middle of the answer; everything is applied.</summary>
    CutInAnswer,

    /// <summary>The answer is "acknowledged" although the request waits, and nothing is ever applied.</summary>
    AcknowledgedThenLost,

    /// <summary>The answer is "wait_timeout": the write takes longer than the wait, and is applied later.</summary>
    WaitTimeout,

    /// <summary>413, as from a proxy; nothing is applied.</summary>
    TooLarge413,

    /// <summary>422: the body is valid JSON but not allowed; nothing is applied.</summary>
    Invalid422,
}
