using System.Globalization;
using System.Text.Json;

namespace Quiver.Adapters.Vectors.Qdrant;

/// <summary>Compares an existing collection and its payload indexes with the required ones.</summary>
internal static class CollectionComparison
{
    private const double Tolerance = 1e-6;

    /// <summary>Rejects a collection that differs from its specification.</summary>
    /// <param name="name">The physical collection.</param>
    /// <param name="collection">The server's description of it.</param>
    /// <param name="spec">The required dimensions, model and settings.</param>
    /// <exception cref="ConflictException">
    /// With <see cref="ErrorCodes.DimensionMismatch"/>, <see cref="ErrorCodes.ModelMismatch"/> or <see cref="ErrorCodes.SettingsConflict"/>.
    /// </exception>
    public static void RequireSame(string name, JsonElement collection, PhysicalCollectionSpec spec)
    {
        var config = collection.GetProperty("config");
        if (FindVector(config) is not { } vector)
        {
            throw new ConflictException(
                ErrorCodes.SettingsConflict,
                $"The Qdrant collection {name} has no vector named '{QdrantLayout.Vector}', so Quiver did not create it: "
                + "delete or rename it, or use another server.");
        }

        var dimensions = vector.GetProperty("size").GetInt64();
        if (dimensions != spec.Dimensions)
        {
            throw new ConflictException(
                ErrorCodes.DimensionMismatch, $"{name} holds vectors of {dimensions} dimensions, not {spec.Dimensions}: use its model, or another collection.");
        }

        RequireSameModel(name, config, spec.Model);
        var differences = StorageField.All
            .Where(field => !spec.TakesOtherStorage || field.Name == StorageField.Distance)
            .Select(field => Difference(field, config, vector, spec.Storage))
            .Append(spec.TakesOtherStorage ? null : QuantizationDifference(config, spec.Storage))
            .OfType<string>()
            .ToList();
        if (differences.Count > 0)
        {
            throw new ConflictException(
                ErrorCodes.SettingsConflict,
                $"The physical collection {name} exists with other settings: {string.Join("; ", differences)}. "
                + "Remove them, change them, or use a dedicated collection.");
        }
    }

    /// <summary>Returns the missing payload indexes.</summary>
    /// <exception cref="ConflictException">With <see cref="ErrorCodes.SettingsConflict"/>: the index of a field has another type.</exception>
    public static IReadOnlyList<PayloadIndex> FindMissingIndexes(string name, JsonElement collection)
    {
        var schema = collection.TryGetProperty("payload_schema", out var given) && given.ValueKind == JsonValueKind.Object ? given : default(JsonElement?);
        List<PayloadIndex> missing = [];
        foreach (var wanted in QdrantLayout.Indexes)
        {
            if (schema is { } fields && fields.TryGetProperty(wanted.Field, out var present) && present.ValueKind == JsonValueKind.Object)
            {
                RequireSameIndex(name, wanted, present);
            }
            else
            {
                missing.Add(wanted);
            }
        }

        return missing;
    }

    private static void RequireSameIndex(string name, PayloadIndex wanted, JsonElement present)
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
                $"The payload index {wanted.Field} of {name} is {actual.Kind}, not {wanted.Kind}: "
                + "delete that index on the Qdrant server; Quiver then creates it again.");
        }
    }

    /// <summary>
    /// The name of a dedicated physical collection does not contain its model, so another model of equal dimensions would fill it unnoticed:
    /// the model in the collection's metadata counts. Older servers have no metadata.
    /// </summary>
    private static void RequireSameModel(string name, JsonElement config, string? wanted)
    {
        if (wanted is not null && Member(config, "metadata") is { } metadata && Member(metadata, QdrantLayout.Metadata) is { } written
            && Find(written, "model") is string actual && actual != wanted)
        {
            throw new ConflictException(
                ErrorCodes.ModelMismatch,
                $"{name} holds vectors of the model {actual}, not {wanted}, and vectors of two models cannot be compared: "
                + "use that model, or another collection.");
        }
    }

    private static JsonElement? FindVector(JsonElement config) =>
        config.GetProperty("params").TryGetProperty("vectors", out var vectors) && vectors.ValueKind == JsonValueKind.Object
        && vectors.TryGetProperty(QdrantLayout.Vector, out var vector) && vector.ValueKind == JsonValueKind.Object
            ? vector
            : null;

    private static string? Difference(StorageField field, JsonElement config, JsonElement vector, StorageSettings storage)
    {
        if (field.Get(storage) is not { } wanted)
        {
            return null;
        }

        var actual = Find(Section(field.Section, config, vector), field.Key) ?? field.Default;
        return actual is not null && AreEqual(wanted, actual) ? null : $"storage.{field.Name} is {Describe(actual)}, not {Describe(wanted)}";
    }

    private static string? QuantizationDifference(JsonElement config, StorageSettings storage)
    {
        if (storage.Quantization is not { } wanted)
        {
            return null;
        }

        var actual = config.TryGetProperty("quantization_config", out var given) && given.ValueKind == JsonValueKind.Object
            ? given.EnumerateObject().First()
            : default(JsonProperty?);
        var kind = QuantizationNames.Of(wanted.Kind);
        if (actual?.Name != kind)
        {
            return $"storage.quantization.kind is {actual?.Name ?? "none"}, not {kind ?? "none"}";
        }

        if (actual is not { Value: var settings })
        {
            return null;
        }

        if (wanted.AlwaysInMemory is { } always && (Find(settings, "always_ram") ?? false) is var inMemory && !AreEqual(always, inMemory))
        {
            return $"storage.quantization.alwaysInMemory is {Describe(inMemory)}, not {Describe(always)}";
        }

        if (wanted is { Kind: QuantizationKind.Scalar, Quantile: { } quantile } && Find(settings, "quantile") is var part
            && (part is null || !AreEqual(quantile, part)))
        {
            return $"storage.quantization.quantile is {Describe(part)}, not {Describe(quantile)}";
        }

        return wanted.Kind == QuantizationKind.Product && Find(settings, "compression") is var compression
            && !Equals(compression, QuantizationNames.Compression(wanted))
            ? $"storage.quantization.compression is {Describe(compression)}, not {QuantizationNames.Compression(wanted)}"
            : null;
    }

    private static JsonElement? Section(StorageSection section, JsonElement config, JsonElement vector) => section switch
    {
        StorageSection.Collection => config.GetProperty("params"),
        StorageSection.Vector => vector,
        StorageSection.Hnsw => Member(config, "hnsw_config"),
        StorageSection.Wal => Member(config, "wal_config"),
        StorageSection.Optimizers => Member(config, "optimizer_config"),
        StorageSection.StrictMode => Member(config, "strict_mode_config"),
        _ => null,
    };

    private static JsonElement? Member(JsonElement element, string name) =>
        element.TryGetProperty(name, out var member) && member.ValueKind == JsonValueKind.Object ? member : null;

    private static object? Find(JsonElement? section, string key) =>
        section is { } element && element.TryGetProperty(key, out var value)
            ? value.ValueKind switch
            {
                JsonValueKind.True => true,
                JsonValueKind.False => false,
                JsonValueKind.Number => value.GetDouble(),
                JsonValueKind.String => value.GetString(),
                _ => null,
            }
            : null;

    private static bool AreEqual(object wanted, object actual) => (wanted, actual) switch
    {
        (string first, string second) => first == second,
        (bool first, bool second) => first == second,
        (IConvertible first, IConvertible second) when wanted is not (string or bool) && actual is not (string or bool) =>
            Math.Abs(first.ToDouble(CultureInfo.InvariantCulture) - second.ToDouble(CultureInfo.InvariantCulture)) <= Tolerance,
        _ => false,
    };

    private static string Describe(object? value) => value switch
    {
        null => "not set",
        bool flag => flag ? "true" : "false",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };
}
