using System.Text.Json.Nodes;

namespace Quiver.Tests.Support.Qdrant;

/// <summary>What a request is answered with.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Body">The JSON body.</param>
internal sealed record StandInAnswer(int Status, JsonNode Body)
{
    public static StandInAnswer Ok(JsonNode? result) => new(200, new JsonObject { ["result"] = result, ["status"] = "ok", ["time"] = 0.001 });

    public static StandInAnswer Error(int status, string error) =>
        new(status, new JsonObject { ["status"] = new JsonObject { ["error"] = error }, ["time"] = 0.0 });

    public static StandInAnswer Missing(string collection) => Error(404, $"Not found: Collection `{collection}` doesn't exist!");
}
