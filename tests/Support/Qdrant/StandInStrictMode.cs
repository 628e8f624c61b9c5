using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Quiver.Tests.Support.Qdrant;

/// <summary>
/// What a server in strict mode rejects: filters on payload fields without a suitable index, and points beyond
/// the limits of the collection. The server uses estimates that are some seconds old; here they are exact.
/// </summary>
internal static class StandInStrictMode
{
    /// <summary>The configuration of a server that is strict by default.</summary>
    public static JsonObject Strictest() => new() { ["enabled"] = true, ["unindexed_filtering_retrieve"] = false, ["unindexed_filtering_update"] = false };

    /// <summary>The error of a read; null for none.</summary>
    public static StandInAnswer? RefuseRead(StandInCollection collection, JsonNode? filter) => Refuse(collection, filter, "unindexed_filtering_retrieve");

    /// <summary>The error of a request that changes points; null for none.</summary>
    public static StandInAnswer? RefuseWrite(StandInCollection collection, JsonNode? filter) => Refuse(collection, filter, "unindexed_filtering_update");

    /// <summary>The error of too many points in a request or in the collection; null for none.</summary>
    public static StandInAnswer? RefusePoints(StandInCollection collection, int coming)
    {
        var mode = collection.StrictMode;
        if (mode["enabled"]?.GetValue<bool>() is not true)
        {
            return null;
        }

        if (Limit(mode, "upsert_max_batchsize") is { } together && coming > together)
        {
            return Bad($"Limit exceeded {coming} > {together} for \"upsert limit\". Help: Reduce the \"upsert limit\" parameter to or below {together}.");
        }

        if (Limit(mode, "max_collection_vector_size_bytes") is { } bytes && collection.Points.Values.Sum(point => (long)point.Vector.Length * sizeof(float)) >= bytes)
        {
            return Bad(string.Create(CultureInfo.InvariantCulture, $"Max vector storage size limit of {bytes / 1048576f}MB reached!"));
        }

        return Limit(mode, "max_points_count") is { } points && collection.Points.Count >= points ? Bad($"Max points count limit of {points} reached!") : null;
    }

    /// <summary>The error of a field without an index.</summary>
    public static StandInAnswer IndexRequired(string key, params string[] types) =>
        Bad($"Index required but not found for \"{key}\" of one of the following types: [{string.Join(", ", types)}]. Help: Create an index for this key or use a different filter.");

    private static StandInAnswer Bad(string text) => StandInAnswer.Error(400, $"Bad request: {text}");

    private static long? Limit(JsonObject mode, string name) => mode[name] is { } limit ? long.Parse(limit.ToJsonString(), CultureInfo.InvariantCulture) : null;

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
                {
                    yield return condition;
                }

                foreach (var inner in Conditions(condition))
                {
                    yield return inner;
                }
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
