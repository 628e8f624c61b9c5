using System.Text.Json;

namespace Quiver.Adapters.Vectors.Qdrant;

/// <summary>Writes the bodies that create and change a collection, with the setting names that all supported versions accept.</summary>
internal static class CollectionBody
{
    private const int LayoutVersion = 1;

    /// <summary>The body that creates a collection.</summary>
    public static ReadOnlyMemory<byte> Create(PhysicalCollectionSpec spec, QdrantVersion version) => RequestBody.Create(writer =>
    {
        writer.WriteStartObject("vectors");
        writer.WriteStartObject(QdrantLayout.Vector);
        writer.WriteNumber("size", spec.Dimensions);
        WriteFields(writer, spec.Storage, StorageSection.Vector);
        writer.WriteEndObject();
        writer.WriteEndObject();
        WriteFields(writer, spec.Storage, StorageSection.Collection);
        WriteSection(writer, "hnsw_config", spec.Storage, StorageSection.Hnsw);
        WriteSection(writer, "wal_config", spec.Storage, StorageSection.Wal);
        WriteSection(writer, "optimizers_config", spec.Storage, StorageSection.Optimizers);
        WriteSection(writer, "strict_mode_config", spec.Storage, StorageSection.StrictMode);
        if (spec.Storage.Quantization is { Kind: not QuantizationKind.None } quantization)
        {
            WriteQuantization(writer, quantization);
        }

        if (version.HasMetadata)
        {
            WriteMetadata(writer, spec);
        }
    });

    /// <summary>The body that changes a collection; an empty object when nothing changes. Fixed settings must be null.</summary>
    public static ReadOnlyMemory<byte> Change(StorageSettings changes) => RequestBody.Create(writer =>
    {
        WriteSection(writer, "params", changes, StorageSection.Collection);
        if (changes.VectorsOnDisk is { } onDisk)
        {
            writer.WriteStartObject("vectors");
            writer.WriteStartObject(QdrantLayout.Vector);
            writer.WriteBoolean("on_disk", onDisk);
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        WriteSection(writer, "hnsw_config", changes, StorageSection.Hnsw);
        WriteSection(writer, "optimizers_config", changes, StorageSection.Optimizers);
        WriteSection(writer, "strict_mode_config", changes, StorageSection.StrictMode);
        if (changes.Quantization is { } quantization)
        {
            WriteQuantization(writer, quantization);
        }
    });

    /// <summary>The body that creates a payload index.</summary>
    public static ReadOnlyMemory<byte> Index(PayloadIndex index) => RequestBody.Create(writer =>
    {
        writer.WriteString("field_name", index.Field);
        if (index.IsTenant)
        {
            writer.WriteStartObject("field_schema");
            writer.WriteString("type", index.Type);
            writer.WriteBoolean("is_tenant", true);
            writer.WriteEndObject();
        }
        else
        {
            writer.WriteString("field_schema", index.Type);
        }
    });

    private static void WriteMetadata(Utf8JsonWriter writer, PhysicalCollectionSpec spec)
    {
        writer.WriteStartObject("metadata");
        writer.WriteStartObject(QdrantLayout.Metadata);
        writer.WriteNumber("layout", LayoutVersion);
        writer.WriteNumber("dimensions", spec.Dimensions);
        if (spec.Model is { } model)
        {
            writer.WriteString("model", model);
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WriteSection(Utf8JsonWriter writer, string name, StorageSettings storage, StorageSection section)
    {
        if (StorageField.All.Any(field => field.Section == section && field.Get(storage) is not null))
        {
            writer.WriteStartObject(name);
            WriteFields(writer, storage, section);
            writer.WriteEndObject();
        }
    }

    private static void WriteFields(Utf8JsonWriter writer, StorageSettings storage, StorageSection section)
    {
        foreach (var field in StorageField.All.Where(field => field.Section == section))
        {
            switch (field.Get(storage))
            {
                case null:
                    break;
                case bool flag:
                    writer.WriteBoolean(field.Key, flag);
                    break;
                case int number:
                    writer.WriteNumber(field.Key, number);
                    break;
                case long number:
                    writer.WriteNumber(field.Key, number);
                    break;
                case double number:
                    writer.WriteNumber(field.Key, number);
                    break;
                case var other:
                    writer.WriteString(field.Key, other.ToString());
                    break;
            }
        }
    }

    private static void WriteQuantization(Utf8JsonWriter writer, QuantizationSettings quantization)
    {
        if (QuantizationNames.Of(quantization.Kind) is not { } kind)
        {
            writer.WriteString("quantization_config", "Disabled");
            return;
        }

        writer.WriteStartObject("quantization_config");
        writer.WriteStartObject(kind);
        if (quantization.Kind == QuantizationKind.Scalar)
        {
            writer.WriteString("type", "int8");
            if (quantization.Quantile is { } quantile)
            {
                writer.WriteNumber("quantile", quantile);
            }
        }

        if (quantization.Kind == QuantizationKind.Product)
        {
            writer.WriteString("compression", QuantizationNames.Compression(quantization));
        }

        if (quantization.AlwaysInMemory is { } always)
        {
            writer.WriteBoolean("always_ram", always);
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }
}

/// <summary>The server's names for quantization.</summary>
internal static class QuantizationNames
{
    private const int DefaultCompression = 16;

    /// <summary>The member of a kind; null for none.</summary>
    public static string? Of(QuantizationKind kind) => kind switch
    {
        QuantizationKind.None => null,
        QuantizationKind.Scalar => "scalar",
        QuantizationKind.Binary => "binary",
        QuantizationKind.Product => "product",
        _ => throw new InvalidRequestException(ErrorCodes.NotSupported, $"The quantization {(int)kind} is not known to this version of Quiver."),
    };

    public static string Compression(QuantizationSettings quantization) => $"x{quantization.Compression ?? DefaultCompression}";
}
