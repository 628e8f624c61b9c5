using System.Globalization;
using System.Numerics.Tensors;
using System.Text.Json.Nodes;

namespace Quiver.Tests.Support.Qdrant;

/// <summary>Operations on a collection's points.</summary>
internal static class StandInPoints
{
    /// <summary>Checks the whole request before anything is applied.</summary>
    /// <returns>The error; null for none.</returns>
    public static StandInAnswer? Refuse(StandInCollection collection, JsonNode body)
    {
        foreach (var point in body["points"]!.AsArray())
        {
            foreach (var (name, vector) in point!["vector"]!.AsObject())
            {
                if (collection.Size(name) is not { } size)
                {
                    return StandInAnswer.Error(400, $"Wrong input: Not existing vector name error: {name}");
                }

                if (vector!.AsArray().Count != size)
                {
                    return StandInAnswer.Error(400, $"Wrong input: Vector dimension error: expected dim: {size}, got {vector.AsArray().Count}");
                }
            }
        }

        return null;
    }

    public static void Upsert(StandInCollection collection, JsonNode body, bool knowsUpdateFilter)
    {
        var fence = knowsUpdateFilter ? body["update_filter"] : null;
        foreach (var point in body["points"]!.AsArray())
        {
            var id = Guid.Parse(point!["id"]!.GetValue<string>());
            if (collection.Points.TryGetValue(id, out var present) && !StandInFilter.Matches(fence, present))
            {
                continue;
            }

            // As the server does: with cosine, vectors are stored with length 1.
            var vector = Floats(point["vector"]!.AsObject().Single().Value!);
            if (collection.Distance == "Cosine")
            {
                TensorPrimitives.Divide(vector, TensorPrimitives.Norm(vector), vector);
            }

            collection.Set(id, new(id, vector, point["payload"]!.DeepClone().AsObject()));
        }
    }

    public static void Delete(StandInCollection collection, JsonNode body)
    {
        List<Guid> chosen = body["points"] is JsonArray ids
            ? [.. ids.Select(id => Guid.Parse(id!.GetValue<string>())).Where(collection.Points.ContainsKey)]
            : [.. collection.Points.Values.Where(point => StandInFilter.Matches(body["filter"], point)).Select(point => point.Id)];
        chosen.ForEach(id => collection.Set(id, null));
    }

    public static JsonNode Scroll(StandInCollection collection, JsonNode body)
    {
        Guid? offset = body["offset"] is { } start ? Guid.Parse(start.GetValue<string>()) : null;
        var limit = body["limit"]?.GetValue<int>() ?? 10;
        var page = collection.Points.Values
            .Where(point => offset is not { } from || StandInPoint.IdOrder.Compare(point.Id, from) >= 0)
            .Where(point => StandInFilter.Matches(body["filter"], point))
            .Take(limit + 1)
            .ToList();
        return new JsonObject
        {
            ["points"] = new JsonArray([.. page.Take(limit).Select(point => Record(point, body))]),
            ["next_page_offset"] = page.Count > limit ? page[limit].Id.ToString() : null,
        };
    }

    public static StandInAnswer Query(StandInCollection collection, JsonNode body)
    {
        var query = Floats(body["query"]!);
        if (query.Length != collection.Size(body["using"]!.GetValue<string>()))
        {
            return StandInAnswer.Error(400, $"Wrong input: Vector dimension error: expected dim: {collection.Size("dense")}, got {query.Length}");
        }

        var lowerIsBetter = collection.Distance is "Euclid" or "Manhattan";
        float? threshold = body["score_threshold"]?.GetValue<float>();
        var scored = collection.Points.Values
            .Where(point => StandInFilter.Matches(body["filter"], point))
            .Select(point => (Point: point, Score: Score(collection.Distance, query, point.Vector)))
            .Where(hit => threshold is not { } limit || (lowerIsBetter ? hit.Score <= limit : hit.Score >= limit));

        // The order of equal scores is not defined.
        var ordered = (lowerIsBetter ? scored.OrderBy(hit => hit.Score) : scored.OrderByDescending(hit => hit.Score)).ThenByDescending(hit => hit.Point.Id);
        return StandInAnswer.Ok(new JsonObject
        {
            ["points"] = new JsonArray([.. ordered.Take(body["limit"]?.GetValue<int>() ?? 10).Select(hit =>
            {
                var record = Record(hit.Point, body);
                record["version"] = 1;
                record["score"] = hit.Score;
                return record;
            })]),
        });
    }

    public static JsonNode Count(StandInCollection collection, JsonNode body) =>
        new JsonObject { ["count"] = collection.Points.Values.Count(point => StandInFilter.Matches(body["filter"], point)) };

    private static JsonNode Record(StandInPoint point, JsonNode body)
    {
        var record = new JsonObject { ["id"] = point.Id.ToString() };
        if (body["with_payload"]?.GetValue<bool>() ?? false)
        {
            record["payload"] = point.Payload.DeepClone();
        }

        if (body["with_vector"]?.GetValue<bool>() ?? false)
        {
            record["vector"] = new JsonObject { ["dense"] = new JsonArray([.. point.Vector.Select(value => (JsonNode)JsonValue.Create(value))]) };
        }

        return record;
    }

    private static float Score(string distance, float[] query, float[] vector) => distance switch
    {
        "Cosine" => TensorPrimitives.Dot(query, vector) / TensorPrimitives.Norm<float>(query),
        "Dot" => TensorPrimitives.Dot<float>(query, vector),
        "Euclid" => TensorPrimitives.Distance<float>(query, vector),
        "Manhattan" => query.Zip(vector, static (first, second) => Math.Abs(first - second)).Sum(),
        _ => throw new InvalidOperationException($"The stand-in knows no distance '{distance}'."),
    };

    private static float[] Floats(JsonNode array) => [.. array.AsArray().Select(value => float.Parse(value!.ToJsonString(), CultureInfo.InvariantCulture))];
}

/// <summary>A stored point.</summary>
internal sealed record StandInPoint(Guid Id, float[] Vector, JsonObject Payload)
{
    /// <summary>Ids compare as the server's do: by their bytes, the first ones first.</summary>
    public static Comparer<Guid> IdOrder { get; } = Comparer<Guid>.Create(
        static (first, second) => first.ToByteArray(bigEndian: true).AsSpan().SequenceCompareTo(second.ToByteArray(bigEndian: true)));
}
