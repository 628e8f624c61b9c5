using System.Text.Json.Nodes;

namespace Quiver.Tests.Support.Qdrant;

/// <summary>Counts by values, for fields with an index that can look a value up.</summary>
internal static class StandInFacets
{
    private static readonly string[] Types = ["keyword", "integer", "bool", "uuid"];

    public static StandInAnswer Count(StandInCollection collection, JsonNode body)
    {
        var path = body["key"]!.GetValue<string>();
        var index = collection.Indexes.GetValueOrDefault(path);
        if (!Types.Contains((index is JsonObject parameters ? parameters["type"] : index)?.GetValue<string>()))
        {
            return StandInAnswer.Error(
                400,
                $"Wrong input: No appropriate index for faceting: `{path}`. Please create one to facet on this field. Check https://qdrant.tech/documentation/concepts/indexing/#payload-index to see which payload schemas support Match conditions");
        }

        // Equal counts come in no order that anybody could rely on.
        return StandInAnswer.Ok(new JsonObject
        {
            ["hits"] = new JsonArray([.. collection.Points.Values
                .Where(point => StandInFilter.Matches(body["filter"], point))
                .SelectMany(point => Values(point.Payload[path.Trim('"')]).Select(static value => value.ToJsonString()).Distinct())
                .GroupBy(static value => value)
                .OrderByDescending(static group => group.Count())
                .ThenByDescending(static group => group.Key, StringComparer.Ordinal)
                .Take(body["limit"]?.GetValue<int>() ?? 10)
                .Select(static group => (JsonNode)new JsonObject { ["value"] = JsonNode.Parse(group.Key), ["count"] = group.Count() })]),
        });
    }

    private static IEnumerable<JsonNode> Values(JsonNode? field) => field switch
    {
        null => [],
        JsonArray several => several.OfType<JsonNode>(),
        var one => [one],
    };
}
