using System.Buffers;
using System.Text.Json;
using Quiver.Core.Vectors;

namespace Quiver.Adapters.Vectors.Qdrant;

/// <summary>
/// Which points an operation is about. The one place where the tenant's scope becomes a part of requests: there is no filter without it.
/// </summary>
/// <param name="Scope">Whose points.</param>
internal sealed record PointFilter(CollectionKey Scope)
{
    private static readonly SearchValues<char> PlainKey = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-");

    /// <summary>Only these.</summary>
    public IReadOnlyList<Guid>? Ids { get; init; }

    /// <summary>Only those with these values.</summary>
    public ImmutableDictionary<string, string> Fields { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>Only those of generations before this one.</summary>
    public long? GenerationBefore { get; init; }

    /// <summary>Only those of this generation and later ones.</summary>
    public long? GenerationFrom { get; init; }

    /// <summary>Only those that were stored before this time.</summary>
    public DateTimeOffset? IndexedBefore { get; init; }

    /// <summary>Only those that a writer of this generation and epoch may replace.</summary>
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

    /// <summary>The server reads keys as paths: what is not plain is quoted, so that <c>a.b</c> means the field of that name.</summary>
    public static string KeyPath(string key) => key switch
    {
        _ when key.Length > 0 && !key.AsSpan().ContainsAnyExcept(PlainKey) => key,
        _ when key.Length == 0 || key.Contains('"', StringComparison.Ordinal) || key.Contains('\\', StringComparison.Ordinal) => throw new InvalidRequestException(
            ErrorCodes.InvalidOption, $"The field '{key}' can neither be filtered nor counted by in Qdrant, because its name is empty or has a quote or a backslash in it: rename the field."),
        _ => $"\"{key}\"",
    };

    /// <summary>(generation, epoch) of the stored point is at most the given one, compared in this order.</summary>
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
