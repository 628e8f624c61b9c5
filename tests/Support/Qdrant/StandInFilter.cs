using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Quiver.Tests.Support.Qdrant;

/// <summary>The part of Qdrant's filters that is used.</summary>
internal static class StandInFilter
{
    public static bool Matches(JsonNode? filter, StandInPoint point)
    {
        if (filter is null)
        {
            return true;
        }

        var should = Conditions(filter, "should");
        return Conditions(filter, "must").All(condition => Holds(condition, point))
            && (should.Count == 0 || should.Any(condition => Holds(condition, point)))
            && !Conditions(filter, "must_not").Any(condition => Holds(condition, point));
    }

    private static List<JsonNode> Conditions(JsonNode filter, string clause) => filter[clause] switch
    {
        null => [],
        JsonArray several => [.. several.Select(condition => condition!)],
        var one => [one],
    };

    private static bool Holds(JsonNode condition, StandInPoint point)
    {
        if (condition["has_id"] is JsonArray ids)
        {
            return ids.Any(id => Guid.Parse(id!.GetValue<string>()) == point.Id);
        }

        if (condition["key"] is not { } key)
        {
            return Matches(condition, point);
        }

        var path = key.GetValue<string>();
        var value = point.Payload[path.StartsWith('"') ? path.Trim('"') : path];
        return condition["match"] is { } match ? value is not null && JsonNode.DeepEquals(value, match["value"])
            : condition["range"] is JsonObject range && value is not null && range.All(bound => InRange(value, bound.Key, bound.Value!));
    }

    private static bool InRange(JsonNode value, string comparison, JsonNode bound)
    {
        var order = bound.GetValueKind() == JsonValueKind.String
            ? Time(value).CompareTo(Time(bound))
            : value.GetValueKind() == JsonValueKind.Number ? value.GetValue<JsonElement>().GetDouble().CompareTo(bound.GetValue<JsonElement>().GetDouble()) : 2;
        return comparison switch
        {
            "lt" => order == -1,
            "lte" => order is -1 or 0,
            "gt" => order == 1,
            "gte" => order is 1 or 0,
            _ => throw new InvalidOperationException($"The stand-in knows no comparison '{comparison}'."),
        };
    }

    private static DateTimeOffset Time(JsonNode node) => DateTimeOffset.Parse(node.GetValue<string>(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
}

/// <summary>Counts by values, for fields with an index that supports lookups.</summary>
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

        // The order of equal counts is not defined.
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
