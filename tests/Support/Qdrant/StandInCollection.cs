using System.Text.Json.Nodes;

namespace Quiver.Tests.Support.Qdrant;

/// <summary>A collection: its configuration, its indexes, its points.</summary>
internal sealed class StandInCollection
{
    private static readonly string[] Adopted = ["shard_number", "replication_factor", "write_consistency_factor", "on_disk_payload"];

    private readonly JsonObject _parameters;
    private readonly Dictionary<string, JsonObject> _sections = new(StringComparer.Ordinal)
    {
        ["hnsw_config"] = new() { ["m"] = 16, ["ef_construct"] = 100, ["full_scan_threshold"] = 10000, ["max_indexing_threads"] = 0, ["on_disk"] = false },
        ["optimizers_config"] = new()
        {
            ["deleted_threshold"] = 0.2,
            ["vacuum_min_vector_number"] = 1000,
            ["default_segment_number"] = 0,
            ["max_segment_size"] = null,
            ["indexing_threshold"] = 10000,
            ["flush_interval_sec"] = 5,
            ["max_optimization_threads"] = null,
        },
        ["wal_config"] = new() { ["wal_capacity_mb"] = 32, ["wal_segments_ahead"] = 0 },
        ["strict_mode_config"] = new() { ["enabled"] = false },
    };

    private JsonNode? _quantization;

    public StandInCollection(JsonNode body, bool keepsMetadata, bool isStrict)
    {
        if (isStrict)
        {
            _sections["strict_mode_config"] = StandInStrictMode.Strictest();
        }

        _parameters = new()
        {
            ["vectors"] = body["vectors"]!.DeepClone(),
            ["shard_number"] = 1,
            ["replication_factor"] = 1,
            ["write_consistency_factor"] = 1,
            ["on_disk_payload"] = true,
        };
        foreach (var name in Adopted)
        {
            if (body[name] is { } value)
            {
                _parameters[name] = value.DeepClone();
            }
        }

        Merge(body);
        _quantization = body["quantization_config"]?.DeepClone();
        Metadata = keepsMetadata ? body["metadata"]?.DeepClone() : null;
    }

    public SortedDictionary<Guid, StandInPoint> Points { get; } = new(StandInPoint.IdOrder);

    /// <summary>The point that each change replaced, the latest on top; null for none.</summary>
    public Stack<(Guid Id, StandInPoint? Before)> Changes { get; } = new();

    public SortedDictionary<string, JsonNode> Indexes { get; } = new(StringComparer.Ordinal);

    public JsonNode? Metadata { get; }

    public JsonObject StrictMode => _sections["strict_mode_config"];

    public string Distance => _parameters["vectors"]!.AsObject().First().Value!["distance"]!.GetValue<string>();

    /// <summary>The size of a named vector; null when there is no such vector.</summary>
    public int? Size(string vector) => _parameters["vectors"]![vector]?["size"]?.GetValue<int>();

    /// <summary>Stores a point; null removes it.</summary>
    public void Set(Guid id, StandInPoint? point)
    {
        Changes.Push((id, Points.GetValueOrDefault(id)));
        Put(id, point);
    }

    /// <summary>Reverts the last changes.</summary>
    public void Forget(int changes)
    {
        for (; changes > 0 && Changes.TryPop(out var change); changes--)
        {
            Put(change.Id, change.Before);
        }
    }

    /// <summary>Applies PATCH.</summary>
    public void Change(JsonNode body)
    {
        foreach (var (name, value) in body["params"]?.AsObject() ?? [])
        {
            _parameters[name] = value?.DeepClone();
        }

        foreach (var (vector, changes) in body["vectors"]?.AsObject() ?? [])
        {
            foreach (var (name, value) in changes!.AsObject())
            {
                _parameters["vectors"]![vector]![name] = value?.DeepClone();
            }
        }

        Merge(body);
        if (body["quantization_config"] is { } quantization)
        {
            _quantization = quantization is JsonObject ? quantization.DeepClone() : null;
        }
    }

    /// <summary>The answer to GET.</summary>
    public JsonObject Describe() => new()
    {
        ["status"] = "green",
        ["optimizer_status"] = "ok",
        ["points_count"] = Points.Count,
        ["indexed_vectors_count"] = 0,
        ["segments_count"] = 2,
        ["config"] = new JsonObject
        {
            ["params"] = _parameters.DeepClone(),
            ["hnsw_config"] = _sections["hnsw_config"].DeepClone(),
            ["optimizer_config"] = _sections["optimizers_config"].DeepClone(),
            ["wal_config"] = _sections["wal_config"].DeepClone(),
            ["quantization_config"] = _quantization?.DeepClone(),
            ["strict_mode_config"] = _sections["strict_mode_config"].DeepClone(),
            ["metadata"] = Metadata?.DeepClone(),
        },
        ["payload_schema"] = new JsonObject(Indexes.Select(index => KeyValuePair.Create<string, JsonNode?>(index.Key, new JsonObject
        {
            ["data_type"] = index.Value is JsonObject parameters ? parameters["type"]!.DeepClone() : index.Value.DeepClone(),
            ["params"] = index.Value is JsonObject ? index.Value.DeepClone() : null,
            ["points"] = Points.Values.Count(point => point.Payload.ContainsKey(index.Key)),
        }))),
    };

    private void Put(Guid id, StandInPoint? point)
    {
        if (point is null)
        {
            Points.Remove(id);
        }
        else
        {
            Points[id] = point;
        }
    }

    private void Merge(JsonNode body)
    {
        foreach (var (section, present) in _sections)
        {
            foreach (var (name, value) in body[section]?.AsObject() ?? [])
            {
                present[name] = value?.DeepClone();
            }
        }
    }
}
