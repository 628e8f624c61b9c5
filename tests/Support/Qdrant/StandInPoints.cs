using System.Numerics.Tensors;
using System.Text.Json.Nodes;
using Wire = Qdrant.Client.Grpc;

namespace Quiver.Tests.Support.Qdrant;

/// <summary>Operations on a collection's points.</summary>
internal static class StandInPoints
{
    /// <summary>Checks the whole request before anything is applied.</summary>
    public static void Check(StandInCollection collection, Wire.UpsertPoints message)
    {
        foreach (var point in message.Points)
        {
            foreach (var (name, vector) in point.Vectors.Vectors_.Vectors)
            {
                var length = StandInPoint.Read(vector).Length;
                if (collection.Size(name) is not { } size)
                {
                    throw StandInErrors.WrongInput($"Not existing vector name error: {name}");
                }

                if (length != size)
                {
                    throw StandInErrors.WrongInput($"Vector dimension error: expected dim: {size}, got {length}");
                }
            }
        }
    }

    public static void Upsert(StandInCollection collection, Wire.UpsertPoints message, bool knowsUpdateFilter)
    {
        foreach (var sent in message.Points)
        {
            var point = StandInPoint.Read(sent);
            if (knowsUpdateFilter && collection.Points.TryGetValue(point.Id, out var present) && !StandInFilter.Matches(message.UpdateFilter, present))
            {
                continue;
            }

            // As the server does: with cosine, vectors are stored with length 1.
            if (collection.Distance == Wire.Distance.Cosine)
            {
                TensorPrimitives.Divide(point.Vector, TensorPrimitives.Norm<float>(point.Vector), point.Vector);
            }

            collection.Set(point.Id, point);
        }
    }

    public static void Delete(StandInCollection collection, Wire.PointsSelector selector)
    {
        List<Guid> chosen = selector.Points is { } ids
            ? [.. ids.Ids.Select(static id => Guid.Parse(id.Uuid)).Where(collection.Points.ContainsKey)]
            : [.. collection.Points.Values.Where(point => StandInFilter.Matches(selector.Filter, point)).Select(static point => point.Id)];
        chosen.ForEach(id => collection.Set(id, null));
    }

    public static Wire.ScrollResponse Scroll(StandInCollection collection, Wire.ScrollPoints message)
    {
        Guid? offset = message.Offset is { } start ? Guid.Parse(start.Uuid) : null;
        var limit = message.HasLimit ? (int)message.Limit : 10;
        var page = collection.Points.Values
            .Where(point => offset is not { } from || StandInPoint.IdOrder.Compare(point.Id, from) >= 0)
            .Where(point => StandInFilter.Matches(message.Filter, point))
            .Take(limit + 1)
            .ToList();
        var response = new Wire.ScrollResponse { NextPageOffset = page.Count > limit ? new() { Uuid = page[limit].Id.ToString() } : null };
        foreach (var point in page.Take(limit))
        {
            var record = new Wire.RetrievedPoint { Id = new() { Uuid = point.Id.ToString() } };
            if (message.WithPayload?.Enable is true)
            {
                record.Payload.Add(StandInPayload.Write(point.Payload));
            }

            if (message.WithVectors?.Enable is true)
            {
                record.Vectors = new() { Vectors = new() { Vectors = { ["dense"] = new() { Dense = new() { Data = { point.Vector } } } } } };
            }

            response.Result.Add(record);
        }

        return response;
    }

    public static Wire.QueryResponse Query(StandInCollection collection, Wire.QueryPoints message)
    {
        float[] query = [.. message.Query.Nearest.Dense.Data];
        if (query.Length != collection.Size(message.Using))
        {
            throw StandInErrors.WrongInput($"Vector dimension error: expected dim: {collection.Size(message.Using)}, got {query.Length}");
        }

        var lowerIsBetter = collection.Distance is Wire.Distance.Euclid or Wire.Distance.Manhattan;
        var scored = collection.Points.Values
            .Where(point => StandInFilter.Matches(message.Filter, point))
            .Select(point => (Point: point, Score: Score(collection.Distance, query, point.Vector)))
            .Where(hit => !message.HasScoreThreshold || (lowerIsBetter ? hit.Score <= message.ScoreThreshold : hit.Score >= message.ScoreThreshold));

        // The order of equal scores is not defined.
        var ordered = (lowerIsBetter ? scored.OrderBy(hit => hit.Score) : scored.OrderByDescending(hit => hit.Score)).ThenByDescending(hit => hit.Point.Id);
        var response = new Wire.QueryResponse();
        foreach (var (point, score) in ordered.Take(message.HasLimit ? (int)message.Limit : 10))
        {
            var hit = new Wire.ScoredPoint { Id = new() { Uuid = point.Id.ToString() }, Version = 1, Score = score };
            if (message.WithPayload?.Enable is true)
            {
                hit.Payload.Add(StandInPayload.Write(point.Payload));
            }

            response.Result.Add(hit);
        }

        return response;
    }

    private static float Score(Wire.Distance distance, float[] query, float[] vector) => distance switch
    {
        Wire.Distance.Cosine => TensorPrimitives.Dot(query, vector) / TensorPrimitives.Norm<float>(query),
        Wire.Distance.Dot => TensorPrimitives.Dot<float>(query, vector),
        Wire.Distance.Euclid => TensorPrimitives.Distance<float>(query, vector),
        Wire.Distance.Manhattan => query.Zip(vector, static (first, second) => Math.Abs(first - second)).Sum(),
        _ => throw new InvalidOperationException($"The stand-in knows no distance '{distance}'."),
    };
}

/// <summary>A stored point.</summary>
internal sealed record StandInPoint(Guid Id, float[] Vector, JsonObject Payload)
{
    /// <summary>Ids compare as the server's do: by their bytes, the first ones first.</summary>
    public static Comparer<Guid> IdOrder { get; } = Comparer<Guid>.Create(
        static (first, second) => first.ToByteArray(bigEndian: true).AsSpan().SequenceCompareTo(second.ToByteArray(bigEndian: true)));

    public static StandInPoint Read(Wire.PointStruct point) =>
        new(Guid.Parse(point.Id.Uuid), Read(point.Vectors.Vectors_.Vectors.Values.Single()), StandInPayload.Read(point.Payload));

    /// <summary>The numbers of a vector in either form.</summary>
    public static float[] Read(Wire.Vector vector)
    {
        // Clients of older servers send the deprecated member, which the server still reads.
        return [.. vector.Dense?.Data ?? vector.Data];
    }
}

/// <summary>Payloads are JSON, with members in order.</summary>
internal static class StandInPayload
{
    public static JsonObject Read(IEnumerable<KeyValuePair<string, Wire.Value>> fields)
    {
        var payload = new JsonObject();
        foreach (var (name, value) in fields.OrderBy(static field => field.Key, StringComparer.Ordinal))
        {
            payload[name] = Read(value);
        }

        // Numbers of parsed nodes can be read as any type that holds them.
        return JsonNode.Parse(payload.ToJsonString())!.AsObject();
    }

    public static Dictionary<string, Wire.Value> Write(JsonObject payload) => payload.ToDictionary(static field => field.Key, static field => Write(field.Value));

    /// <summary>The values of a field: none, one, or the elements of its list.</summary>
    public static IEnumerable<JsonNode> Values(JsonNode? field) => field switch
    {
        null => [],
        JsonArray several => several.OfType<JsonNode>(),
        var one => [one],
    };

    private static JsonNode? Read(Wire.Value value) => value.KindCase switch
    {
        Wire.Value.KindOneofCase.StringValue => value.StringValue,
        Wire.Value.KindOneofCase.IntegerValue => value.IntegerValue,
        Wire.Value.KindOneofCase.DoubleValue => value.DoubleValue,
        Wire.Value.KindOneofCase.BoolValue => value.BoolValue,
        Wire.Value.KindOneofCase.StructValue => Read(value.StructValue.Fields),
        Wire.Value.KindOneofCase.ListValue => new JsonArray([.. value.ListValue.Values.Select(Read)]),
        _ => null,
    };

    private static Wire.Value Write(JsonNode? node) => node switch
    {
        null => new() { NullValue = Wire.NullValue.NullValue },
        JsonObject members => new() { StructValue = new() { Fields = { Write(members) } } },
        JsonArray items => new() { ListValue = new() { Values = { items.Select(Write) } } },
        JsonValue value when value.TryGetValue<bool>(out var flag) => new() { BoolValue = flag },
        JsonValue value when value.TryGetValue<long>(out var number) => new() { IntegerValue = number },
        JsonValue value when value.TryGetValue<double>(out var number) => new() { DoubleValue = number },
        var text => new() { StringValue = text.GetValue<string>() },
    };
}
