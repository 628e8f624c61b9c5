using System.Text.Json.Nodes;

namespace Quiver.Tests.Support.Qdrant;

/// <summary>A request as it arrived.</summary>
/// <param name="Method">GET, PUT, …</param>
/// <param name="Path">Without the query.</param>
/// <param name="Query">The query's members.</param>
/// <param name="Bytes">The body's length.</param>
/// <param name="Body">The body; null for none.</param>
internal sealed record StandInRequest(string Method, string Path, IReadOnlyDictionary<string, string> Query, int Bytes, JsonNode? Body)
{
    /// <summary>The headers, by name in whatever case.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Such as HTTP/1.1.</summary>
    public string Protocol { get; init; } = "";

    /// <summary>True for what changes points.</summary>
    public bool ChangesPoints => (Method == "PUT" && Path.EndsWith("/points", StringComparison.Ordinal)) || Path.EndsWith("/points/delete", StringComparison.Ordinal);

    /// <summary>True when the answer shall wait until it is done.</summary>
    public bool Waits => Query.GetValueOrDefault("wait") == "true";
}
