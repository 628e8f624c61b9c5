using System.Globalization;
using System.Text.Json.Nodes;

namespace Quiver.Tests.Support.Qdrant;

/// <summary>The durable state of a server, and the answers to requests. Thread-safe.</summary>
internal sealed class StandInState(string version, bool isStrict = false)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, StandInCollection> _collections = new(StringComparer.Ordinal);
    private readonly Queue<Action> _pending = new();
    private long _operation;
    private Guid _instance = Guid.NewGuid();

    private bool IsModern { get; } = int.Parse(version.Split('.')[1], CultureInfo.InvariantCulture) >= 16;

    /// <summary>A collection's points by id; none when it is missing.</summary>
    public IReadOnlyList<StandInPoint> Points(string collection)
    {
        lock (_gate)
        {
            return _collections.TryGetValue(collection, out var found) ? [.. found.Points.Values] : [];
        }
    }

    /// <summary>The answer of GET for a collection; null when it is missing.</summary>
    public JsonNode? Describe(string collection)
    {
        lock (_gate)
        {
            return _collections.TryGetValue(collection, out var found) ? found.Describe() : null;
        }
    }

    /// <summary>Becomes another process, without the last acknowledged changes of points.</summary>
    public void Restart(int losing)
    {
        lock (_gate)
        {
            _instance = Guid.NewGuid();
            foreach (var collection in _collections.Values)
            {
                collection.Forget(losing);
            }
        }
    }

    public IReadOnlyList<string> Names
    {
        get
        {
            lock (_gate)
            {
                return [.. _collections.Keys.Order(StringComparer.Ordinal)];
            }
        }
    }

    /// <summary>Applies and answers a request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="late">Whether a write is applied after its answer.</param>
    public StandInAnswer Answer(StandInRequest request, bool late = false)
    {
        lock (_gate)
        {
            if (request.Path == "/")
            {
                return new(200, new JsonObject { ["title"] = "qdrant - vector search engine", ["version"] = version });
            }

            var parts = request.Path.Split('/', StringSplitOptions.RemoveEmptyEntries);
            if (request.Path == "/telemetry")
            {
                return StandInAnswer.Ok(new JsonObject { ["id"] = _instance.ToString(), ["collections"] = new JsonObject { ["number_of_collections"] = _collections.Count } });
            }

            if (parts[0] != "collections")
            {
                return StandInAnswer.Error(404, "Not found");
            }

            if (parts.Length == 1)
            {
                return StandInAnswer.Ok(new JsonObject { ["collections"] = new JsonArray([.. Names.Select(name => (JsonNode)new JsonObject { ["name"] = name })]) });
            }

            var present = _collections.GetValueOrDefault(parts[1]);
            return parts.Length == 2 ? OfCollection(request, parts[1], present)
                : present is null ? StandInAnswer.Missing(parts[1])
                : Of($"{request.Method} {string.Join('/', parts[2..])}", request, present, late);
        }
    }

    private StandInAnswer OfCollection(StandInRequest request, string name, StandInCollection? present)
    {
        switch (request.Method)
        {
            case "PUT" when present is not null:
                return StandInAnswer.Error(409, $"Wrong input: Collection `{name}` already exists!");
            case "PUT":
                _collections[name] = new(request.Body!, IsModern, isStrict);
                return StandInAnswer.Ok(true);
            case "DELETE":
                return StandInAnswer.Ok(_collections.Remove(name));
            case "GET" when present is not null:
                return StandInAnswer.Ok(present.Describe());
            case "PATCH" when present is not null:
                present.Change(request.Body!);
                return StandInAnswer.Ok(true);
            default:
                return StandInAnswer.Missing(name);
        }
    }

    private StandInAnswer Of(string what, StandInRequest request, StandInCollection collection, bool late)
    {
        var body = request.Body!;
        switch (what)
        {
            case "PUT index":
                return Apply(request, late, () => collection.Indexes[body["field_name"]!.GetValue<string>()] = body["field_schema"]!.DeepClone());
            case "PUT points":
                return StandInStrictMode.RefuseWrite(collection, IsModern ? body["update_filter"] : null)
                    ?? StandInStrictMode.RefusePoints(collection, body["points"]!.AsArray().Count)
                    ?? StandInPoints.Refuse(collection, body)
                    ?? Apply(request, late, () => StandInPoints.Upsert(collection, body, IsModern));
            case "POST points/delete":
                return StandInStrictMode.RefuseWrite(collection, body["filter"]) ?? Apply(request, late, () => StandInPoints.Delete(collection, body));
            case "POST points/scroll":
                return StandInStrictMode.RefuseRead(collection, body["filter"]) ?? StandInAnswer.Ok(StandInPoints.Scroll(collection, body));
            case "POST points/query":
                return StandInStrictMode.RefuseRead(collection, body["filter"]) ?? StandInPoints.Query(collection, body);
            case "POST points/count":
                return StandInStrictMode.RefuseRead(collection, body["filter"]) ?? StandInAnswer.Ok(StandInPoints.Count(collection, body));
            case "POST facet":
                return StandInStrictMode.RefuseRead(collection, body["filter"]) ?? StandInFacets.Count(collection, body);
            default:
                return StandInAnswer.Error(404, "Not found");
        }
    }

    /// <summary>Applies delayed writes, which here happens with the next write.</summary>
    private StandInAnswer Apply(StandInRequest request, bool late, Action change)
    {
        while (_pending.TryDequeue(out var earlier))
        {
            earlier();
        }

        if (request.Waits && !late)
        {
            change();
            return StandInAnswer.Ok(Noted("completed"));
        }

        _pending.Enqueue(change);
        return StandInAnswer.Ok(Noted(request.Waits ? "wait_timeout" : "acknowledged"));
    }

    /// <summary>The result of a write.</summary>
    public JsonNode Noted(string status) => new JsonObject { ["operation_id"] = Interlocked.Increment(ref _operation), ["status"] = status };
}
