using System.Globalization;
using System.Text.Json;

namespace Quiver.Adapters.Vectors.Qdrant;

/// <summary>Compares a collection that exists with what it must be.</summary>
internal static class CollectionComparison
{
    private const double Tolerance = 1e-6;

    /// <summary>Refuses a collection that differs in anything that was asked for.</summary>
    /// <param name="name">The physical collection.</param>
    /// <param name="collection">What the server says of it.</param>
    /// <param name="spec">What it must be.</param>
    /// <exception cref="ConflictException">
    /// With <see cref="ErrorCodes.DimensionMismatch"/>, <see cref="ErrorCodes.ModelMismatch"/> or <see cref="ErrorCodes.SettingsConflict"/>.
    /// </exception>
    public static void RequireSame(string name, JsonElement collection, PhysicalCollectionSpec spec)
    {
        var config = collection.GetProperty("config");
        if (FindVector(config) is not { } vector)
        {
            throw new ConflictException(
                ErrorCodes.SettingsConflict, $"The Qdrant collection {name} has no vector named '{QdrantLayout.Vector}', so Quiver did not make it: delete or rename it, or use another server.");
        }

        var dimensions = vector.GetProperty("size").GetInt64();
        if (dimensions != spec.Dimensions)
        {
            throw new ConflictException(
                ErrorCodes.DimensionMismatch, $"{name} holds vectors of {dimensions} dimensions, not {spec.Dimensions}: use its model, or another collection.");
        }

        RequireSameModel(name, config, spec.Model);
        var differences = StorageField.All.Where(field => !spec.TakesOtherStorage || field.Name == StorageField.Distance).Select(field => Difference(field, config, vector, spec.Storage)).Append(spec.TakesOtherStorage ? null : QuantizationDifference(config, spec.Storage)).OfType<string>().ToList();
        if (differences.Count > 0)
        {
            throw new ConflictException(
                ErrorCodes.SettingsConflict, $"The physical collection {name} exists with other settings: {string.Join("; ", differences)}. Leave them out, change them, or ask for a dedicated collection.");
        }
    }

    /// <summary>
    /// The name of a dedicated physical collection says nothing of its model, and another one of equal dimensions would fill it without
    /// anybody noticing: what the collection says of itself counts. Servers too old for that say nothing.
    /// </summary>
    private static void RequireSameModel(string name, JsonElement config, string? wanted)
    {
        if (wanted is not null && Member(config, "metadata") is { } metadata && Member(metadata, QdrantLayout.Metadata) is { } written
            && Find(written, "model") is string actual && actual != wanted)
        {
            throw new ConflictException(
                ErrorCodes.ModelMismatch, $"{name} holds vectors of the model {actual}, not {wanted}, and those of two models cannot be compared: use that model, or another collection.");
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

        var actual = config.TryGetProperty("quantization_config", out var given) && given.ValueKind == JsonValueKind.Object ? given.EnumerateObject().First() : default(JsonProperty?);
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

        if (wanted is { Kind: QuantizationKind.Scalar, Quantile: { } quantile } && Find(settings, "quantile") is var part && (part is null || !AreEqual(quantile, part)))
        {
            return $"storage.quantization.quantile is {Describe(part)}, not {Describe(quantile)}";
        }

        return wanted.Kind == QuantizationKind.Product && Find(settings, "compression") is var compression && !Equals(compression, QuantizationNames.Compression(wanted))
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
