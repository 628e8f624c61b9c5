using System.Buffers;
using System.Text.Json;
using Quiver.Core.Vectors;

namespace Quiver.Adapters.Vectors.Qdrant;

/// <summary>
/// Selects the points of an operation. The only place that writes the tenant's scope into requests: there is no filter without it.
/// </summary>
/// <param name="Scope">The tenant and the collection.</param>
internal sealed record PointFilter(CollectionKey Scope)
{
    private static readonly SearchValues<char> PlainKey = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-");

    /// <summary>Only these ids.</summary>
    public IReadOnlyList<Guid>? Ids { get; init; }

    /// <summary>Only points with these values.</summary>
    public ImmutableDictionary<string, string> Fields { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>Only points of generations before this one.</summary>
    public long? GenerationBefore { get; init; }

    /// <summary>Only points of this generation and later ones.</summary>
    public long? GenerationFrom { get; init; }

    /// <summary>Only points written before this time.</summary>
    public DateTimeOffset? IndexedBefore { get; init; }

    /// <summary>Only points that a writer of this generation and epoch may replace.</summary>
    public (long Generation, long Epoch)? ReplaceableBy { get; init; }

    /// <summary>Writes the filter as an object.</summary>
    public void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteStartArray("must");
        WriteMatch(writer, PayloadFields.Tenant, Scope.Tenant.Value);
        WriteMatch(writer, PayloadFields.Collection, Scope.Collection.Value);
        if (Ids is { } ids)
        {
            WriteIds(writer, ids);
        }

        foreach (var (key, value) in Fields)
        {
            WriteMatch(writer, KeyPath(key), value);
        }

        if (GenerationBefore is { } generation)
        {
            WriteRange(writer, PayloadFields.Generation, "lt", generation);
        }

        if (GenerationFrom is { } from)
        {
            WriteRange(writer, PayloadFields.Generation, "gte", from);
        }

        if (IndexedBefore is { } before)
        {
            writer.WriteStartObject();
            writer.WriteString("key", PayloadFields.IndexedAt);
            writer.WriteStartObject("range");
            writer.WriteString("lt", before);
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        if (ReplaceableBy is var (newGeneration, newEpoch))
        {
            WriteNotNewer(writer, newGeneration, newEpoch);
        }

        writer.WriteEndObject();
    }

    /// <summary>Writes the condition that a point has one of these ids.</summary>
    public static void WriteIds(Utf8JsonWriter writer, IReadOnlyList<Guid> ids)
    {
        writer.WriteStartObject();
        writer.WriteStartArray("has_id");
        foreach (var id in ids.Distinct())
        {
            writer.WriteStringValue(id);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    /// <summary>The server reads keys as paths: other than plain names are quoted, so that <c>a.b</c> is the field of that name.</summary>
    public static string KeyPath(string key) => key switch
    {
        _ when key.Length > 0 && !key.AsSpan().ContainsAnyExcept(PlainKey) => key,
        _ when key.Length == 0 || key.AsSpan().ContainsAny('"', '\\') => throw new InvalidRequestException(
            ErrorCodes.InvalidOption,
            $"Qdrant cannot filter or count by the field '{key}', because its name is empty or contains a quote or a backslash: rename the field."),
        _ => $"\"{key}\"",
    };

    /// <summary>Matches points whose (generation, epoch) is at most the given one.</summary>
    private static void WriteNotNewer(Utf8JsonWriter writer, long generation, long epoch)
    {
        writer.WriteStartArray("should");
        WriteRange(writer, PayloadFields.Generation, "lt", generation);
        writer.WriteStartObject();
        writer.WriteStartArray("must");
        writer.WriteStartObject();
        writer.WriteString("key", PayloadFields.Generation);
        writer.WriteStartObject("match");
        writer.WriteNumber("value", generation);
        writer.WriteEndObject();
        writer.WriteEndObject();
        WriteRange(writer, PayloadFields.Epoch, "lte", epoch);
        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.WriteEndArray();
    }

    private static void WriteMatch(Utf8JsonWriter writer, string key, string value)
    {
        writer.WriteStartObject();
        writer.WriteString("key", key);
        writer.WriteStartObject("match");
        writer.WriteString("value", value);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WriteRange(Utf8JsonWriter writer, string key, string comparison, long value)
    {
        writer.WriteStartObject();
        writer.WriteString("key", key);
        writer.WriteStartObject("range");
        writer.WriteNumber(comparison, value);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }
}
