using System.Text.Json;
using System.Text.Json.Nodes;

namespace Quiver.Tests.Support.Qdrant;

/// <summary>What a server in strict mode refuses: filters on fields of the payload that have no index for what is asked of them.</summary>
internal static class StandInStrictMode
{
    /// <summary>How a server is that whoever runs it has made strict by default.</summary>
    public static JsonObject Strictest() => new() { ["enabled"] = true, ["unindexed_filtering_retrieve"] = false, ["unindexed_filtering_update"] = false };

    /// <summary>The refusal of a request that only asks; null for none.</summary>
    public static StandInAnswer? RefuseRead(StandInCollection collection, JsonNode? filter) => Refuse(collection, filter, "unindexed_filtering_retrieve");

    /// <summary>The refusal of a request that changes points; null for none.</summary>
    public static StandInAnswer? RefuseWrite(StandInCollection collection, JsonNode? filter) => Refuse(collection, filter, "unindexed_filtering_update");

    /// <summary>What is said of a field without an index.</summary>
    public static StandInAnswer IndexRequired(string key, params string[] types) => StandInAnswer.Error(
        400, $"Bad request: Index required but not found for \"{key}\" of one of the following types: [{string.Join(", ", types)}]. Help: Create an index for this key or use a different filter.");

    private static StandInAnswer? Refuse(StandInCollection collection, JsonNode? filter, string permission)
    {
        var mode = collection.StrictMode;
        return mode["enabled"]?.GetValue<bool>() is not true || mode[permission]?.GetValue<bool>() is not false || filter is null
            ? null
            : Conditions(filter).Select(condition => Refuse(collection, condition)).FirstOrDefault(static refusal => refusal is not null);
    }

    private static IEnumerable<JsonNode> Conditions(JsonNode filter)
    {
        foreach (var clause in (string[])["must", "should", "must_not"])
        {
            IEnumerable<JsonNode?> conditions = filter[clause] switch
            {
                null => [],
                JsonArray several => several,
                var one => [one],
            };
            foreach (var condition in conditions.OfType<JsonNode>())
            {
                if (condition["key"] is not null)
                    yield return condition;
                foreach (var inner in Conditions(condition))
                    yield return inner;
            }
        }
    }

    private static StandInAnswer? Refuse(StandInCollection collection, JsonNode condition)
    {
        var path = condition["key"]!.GetValue<string>();
        var types = Types(condition);
        var index = collection.Indexes.GetValueOrDefault(path.Trim('"'));
        var type = (index is JsonObject parameters ? parameters["type"] : index)?.GetValue<string>();
        return types.Contains(type) ? null : IndexRequired(path, types);
    }

    private static string[] Types(JsonNode condition) => condition["match"]?["value"] is { } value
        ? value.GetValueKind() == JsonValueKind.Number ? ["integer"] : ["keyword", "uuid"]
        : condition["range"]!.AsObject().First().Value!.GetValueKind() == JsonValueKind.Number ? ["float", "integer"] : ["datetime"];
}
