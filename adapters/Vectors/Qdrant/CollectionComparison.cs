using System.Globalization;
using Wire = Qdrant.Client.Grpc;

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
    public static void RequireSame(string name, Wire.CollectionInfo collection, PhysicalCollectionSpec spec)
    {
        if (StoredConfig.Find(collection) is not { } stored)
        {
            throw new ConflictException(
                ErrorCodes.SettingsConflict,
                $"The Qdrant collection {name} has no vector named '{QdrantLayout.Vector}', so Quiver did not create it: "
                + "delete or rename it, or use another server.");
        }

        if (stored.Vector.Size != (ulong)spec.Dimensions)
        {
            throw new ConflictException(
                ErrorCodes.DimensionMismatch,
                $"{name} holds vectors of {stored.Vector.Size} dimensions, not {spec.Dimensions}: use its model, or another collection.");
        }

        RequireSameModel(name, stored.Config, spec.Model);
        var differences = StorageField.All
            .Where(field => !spec.TakesOtherStorage || field.Name == StorageField.Distance)
            .Select(field => Difference(field, stored, spec.Storage))
            .Append(spec.TakesOtherStorage ? null : QuantizationDifference(stored.Config.QuantizationConfig, spec.Storage.Quantization))
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
    public static IReadOnlyList<PayloadIndex> FindMissingIndexes(string name, Wire.CollectionInfo collection)
    {
        List<PayloadIndex> missing = [];
        foreach (var wanted in QdrantLayout.Indexes)
        {
            if (collection.PayloadSchema.TryGetValue(wanted.Field, out var present))
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

    private static void RequireSameIndex(string name, PayloadIndex wanted, Wire.PayloadSchemaInfo present)
    {
        var actual = new PayloadIndex(wanted.Field, present.DataType, present.Params?.KeywordIndexParams?.IsTenant is true);
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
    private static void RequireSameModel(string name, Wire.CollectionConfig config, string? wanted)
    {
        if (wanted is not null
            && config.Metadata.TryGetValue(QdrantLayout.Metadata, out var written)
            && written.StructValue?.Fields.TryGetValue("model", out var model) is true
            && model.KindCase == Wire.Value.KindOneofCase.StringValue
            && model.StringValue != wanted)
        {
            throw new ConflictException(
                ErrorCodes.ModelMismatch,
                $"{name} holds vectors of the model {model.StringValue}, not {wanted}, and vectors of two models cannot be compared: "
                + "use that model, or another collection.");
        }
    }

    private static string? Difference(StorageField field, StoredConfig stored, StorageSettings storage)
    {
        if (field.Get(storage) is not { } wanted)
        {
            return null;
        }

        var actual = field.Find(stored) ?? field.Default;
        return actual is not null && AreEqual(wanted, actual) ? null : $"storage.{field.Name} is {Describe(actual)}, not {Describe(wanted)}";
    }

    private static string? QuantizationDifference(Wire.QuantizationConfig? actual, QuantizationSettings? wanted)
    {
        if (wanted is null)
        {
            return null;
        }

        if (QuantizationNames.Of(actual) is var kind && kind != QuantizationNames.Of(wanted.Kind))
        {
            return $"storage.quantization.kind is {kind}, not {QuantizationNames.Of(wanted.Kind)}";
        }

        if (wanted is { Kind: not QuantizationKind.None, AlwaysInMemory: { } always } && AlwaysRamOf(actual) is var inMemory && always != inMemory)
        {
            return $"storage.quantization.alwaysInMemory is {Describe(inMemory)}, not {Describe(always)}";
        }

        if (wanted is { Kind: QuantizationKind.Scalar, Quantile: { } quantile }
            && (actual?.Scalar is { HasQuantile: true } scalar ? scalar.Quantile : default(object)) is var part
            && (part is null || !AreEqual(quantile, part)))
        {
            return $"storage.quantization.quantile is {Describe(part)}, not {Describe(quantile)}";
        }

        return wanted.Kind == QuantizationKind.Product && actual?.Product?.Compression is var ratio && ratio != QuantizationNames.CompressionOf(wanted)
            ? $"storage.quantization.compression is {Describe(ratio)}, not {QuantizationNames.CompressionOf(wanted)}"
            : null;
    }

    private static bool AlwaysRamOf(Wire.QuantizationConfig? config) =>
        config?.Scalar?.AlwaysRam is true || config?.Binary?.AlwaysRam is true || config?.Product?.AlwaysRam is true;

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
