using System.Text.Json;

namespace Quiver.Adapters.Vectors.Qdrant;

/// <summary>Compares the payload indexes of a collection that exists with those that it must have.</summary>
internal static class IndexComparison
{
    /// <summary>The indexes that are missing.</summary>
    /// <param name="name">The physical collection.</param>
    /// <param name="collection">What the server says of it.</param>
    /// <exception cref="ConflictException">With <see cref="ErrorCodes.SettingsConflict"/>: an index of the same field is of another kind.</exception>
    public static IReadOnlyList<PayloadIndex> FindMissing(string name, JsonElement collection)
    {
        var schema = collection.TryGetProperty("payload_schema", out var given) && given.ValueKind == JsonValueKind.Object ? given : default(JsonElement?);
        List<PayloadIndex> missing = [];
        foreach (var wanted in QdrantLayout.Indexes)
        {
            if (schema is { } fields && fields.TryGetProperty(wanted.Field, out var present) && present.ValueKind == JsonValueKind.Object)
            {
                RequireSame(name, wanted, present);
            }
            else
            {
                missing.Add(wanted);
            }
        }

        return missing;
    }

    private static void RequireSame(string name, PayloadIndex wanted, JsonElement present)
    {
        var actual = new PayloadIndex(
            wanted.Field,
            present.TryGetProperty("data_type", out var type) ? type.GetString() ?? "" : "",
            present.TryGetProperty("params", out var parameters) && parameters.ValueKind == JsonValueKind.Object
                && parameters.TryGetProperty("is_tenant", out var isTenant) && isTenant.ValueKind == JsonValueKind.True);
        if (actual.Type != wanted.Type || (wanted.IsTenant && !actual.IsTenant))
        {
            throw new ConflictException(
                ErrorCodes.SettingsConflict,
                $"The payload index {wanted.Field} of {name} is {actual.Kind}, not {wanted.Kind}: delete that index on the Qdrant server, and Quiver makes it anew.");
        }
    }
}
