using System.Text.Json;
using Quiver.Core.Vectors;

namespace Quiver.Adapters.Vectors.Qdrant;

/// <summary>Reads points from answers of the server.</summary>
internal static class PointReader
{
    /// <summary>Reads the member <c>points</c> of a query or a scroll; all points must be of the requested scope.</summary>
    public static List<StoredPoint> ReadAll(JsonElement result, CollectionKey scope)
    {
        var points = result.GetProperty("points");
        var all = new List<StoredPoint>(points.GetArrayLength());
        foreach (var point in points.EnumerateArray())
        {
            all.Add(Read(point, scope));
        }

        return all;
    }

    /// <summary>Reads the ids of the member <c>points</c>.</summary>
    public static List<Guid> ReadIds(JsonElement result)
    {
        var points = result.GetProperty("points");
        var ids = new List<Guid>(points.GetArrayLength());
        foreach (var point in points.EnumerateArray())
        {
            ids.Add(point.GetProperty("id").GetGuid());
        }

        return ids;
    }

    private static StoredPoint Read(JsonElement point, CollectionKey scope) => new(
        point.GetProperty("id").GetGuid(),
        ReadPayload(point.GetProperty("payload"), scope),
        point.TryGetProperty("vector", out var vector) && vector.ValueKind == JsonValueKind.Object
            ? ReadVector(vector.GetProperty(QdrantLayout.Vector))
            : default,
        point.TryGetProperty("score", out var score) ? score.GetSingle() : 0);

    private static ReadOnlyMemory<float> ReadVector(JsonElement array)
    {
        var vector = new float[array.GetArrayLength()];
        var i = 0;
        foreach (var value in array.EnumerateArray())
        {
            vector[i++] = value.GetSingle();
        }

        return vector;
    }

    private static PointPayload ReadPayload(JsonElement payload, CollectionKey scope)
    {
        // The filter selects this scope only: a point of another scope is a server error, and must not be shown.
        if (payload.GetProperty(PayloadFields.Tenant).GetString() != scope.Tenant.Value
            || payload.GetProperty(PayloadFields.Collection).GetString() != scope.Collection.Value)
        {
            throw new PermanentException(ErrorCodes.Internal, "Qdrant returned a point of another tenant or collection: check the server.");
        }

        return new()
        {
            Scope = scope,
            DocumentId = payload.GetProperty(PayloadFields.DocumentId).GetString() ?? "",
            Chunk = payload.GetProperty(PayloadFields.Chunk).GetInt32(),
            Text = payload.GetProperty(PayloadFields.Text).GetString() ?? "",
            Title = payload.TryGetProperty(PayloadFields.Title, out var title) ? ReadText(title) : null,
            Headings = payload.TryGetProperty(PayloadFields.Headings, out var headings) && headings.ValueKind == JsonValueKind.Array
                ? [.. headings.EnumerateArray().Select(ReadText)]
                : [],
            StartChar = payload.GetProperty(PayloadFields.StartChar).GetInt32(),
            EndChar = payload.GetProperty(PayloadFields.EndChar).GetInt32(),
            StartLine = payload.GetProperty(PayloadFields.StartLine).GetInt32(),
            EndLine = payload.GetProperty(PayloadFields.EndLine).GetInt32(),
            Generation = payload.GetProperty(PayloadFields.Generation).GetInt64(),
            Epoch = payload.GetProperty(PayloadFields.Epoch).GetInt64(),
            IndexedAt = payload.GetProperty(PayloadFields.IndexedAt).GetDateTimeOffset(),
            Metadata = ReadMetadata(payload),
        };
    }

    private static ImmutableDictionary<string, string> ReadMetadata(JsonElement payload)
    {
        ImmutableDictionary<string, string>.Builder? metadata = null;
        foreach (var field in payload.EnumerateObject())
        {
            if (!PayloadFields.Reserved.Contains(field.Name))
            {
                metadata ??= ImmutableDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
                metadata[field.Name] = ReadText(field.Value);
            }
        }

        return metadata?.ToImmutable() ?? ImmutableDictionary<string, string>.Empty;
    }

    private static string ReadText(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
}
