using Wire = Qdrant.Client.Grpc;

namespace Quiver.Adapters.Vectors.Qdrant;

/// <summary>Writes the requests that create and change a collection, with the members that all supported versions read.</summary>
internal static class CollectionMessages
{
    private const int LayoutVersion = 1;

    /// <summary>The request that creates a collection.</summary>
    public static Wire.CreateCollection Create(string name, PhysicalCollectionSpec spec, QdrantVersion version)
    {
        var storage = spec.Storage;
        var vector = new Wire.VectorParams { Size = (ulong)spec.Dimensions, Distance = DistanceOf(storage.Distance ?? VectorDistance.Cosine) };
        Set(storage.VectorsOnDisk, value => vector.OnDisk = value);
        var message = new Wire.CreateCollection
        {
            CollectionName = name,
            VectorsConfig = new() { ParamsMap = new() { Map = { [QdrantLayout.Vector] = vector } } },
            HnswConfig = HnswOf(storage.Hnsw),
            OptimizersConfig = OptimizersOf(storage.Optimizers),
            StrictModeConfig = StrictModeOf(storage.StrictMode),
            WalConfig = storage.WalCapacityMb is { } wal ? new() { WalCapacityMb = (ulong)wal } : null,
            QuantizationConfig = QuantizationOf(storage.Quantization),
        };
        Set(storage.Shards, value => message.ShardNumber = (uint)value);
        Set(storage.Replicas, value => message.ReplicationFactor = (uint)value);
        Set(storage.WriteConsistency, value => message.WriteConsistencyFactor = (uint)value);
        Set(storage.PayloadOnDisk, value => message.OnDiskPayload = value);
        if (version.HasMetadata)
        {
            message.Metadata[QdrantLayout.Metadata] = MetadataOf(spec);
        }

        return message;
    }

    /// <summary>The request that changes a collection; null when nothing changes. Fixed settings must be null.</summary>
    public static Wire.UpdateCollection? Change(string name, StorageSettings changes)
    {
        var message = new Wire.UpdateCollection
        {
            HnswConfig = HnswOf(changes.Hnsw),
            OptimizersConfig = OptimizersOf(changes.Optimizers),
            StrictModeConfig = StrictModeOf(changes.StrictMode),
            QuantizationConfig = QuantizationDiffOf(changes.Quantization),
        };
        if (changes is not { Replicas: null, WriteConsistency: null, PayloadOnDisk: null })
        {
            var parameters = message.Params = new();
            Set(changes.Replicas, value => parameters.ReplicationFactor = (uint)value);
            Set(changes.WriteConsistency, value => parameters.WriteConsistencyFactor = (uint)value);
            Set(changes.PayloadOnDisk, value => parameters.OnDiskPayload = value);
        }

        if (changes.VectorsOnDisk is { } onDisk)
        {
            message.VectorsConfig = new() { ParamsMap = new() { Map = { [QdrantLayout.Vector] = new() { OnDisk = onDisk } } } };
        }

        if (message.CalculateSize() == 0)
        {
            return null;
        }

        message.CollectionName = name;
        return message;
    }

    /// <summary>The request that creates a payload index.</summary>
    public static Wire.CreateFieldIndexCollection Index(string name, PayloadIndex index) => new()
    {
        CollectionName = name,
        FieldName = index.Field,
        FieldType = index.FieldType,
        FieldIndexParams = index.IsTenant ? new() { KeywordIndexParams = new() { IsTenant = true } } : null,
        Wait = true,
    };

    private static Wire.Value MetadataOf(PhysicalCollectionSpec spec)
    {
        var metadata = new Wire.Struct { Fields = { ["layout"] = new() { IntegerValue = LayoutVersion }, ["dimensions"] = new() { IntegerValue = spec.Dimensions } } };
        if (spec.Model is { } model)
        {
            metadata.Fields["model"] = new() { StringValue = model };
        }

        return new() { StructValue = metadata };
    }

    private static Wire.Distance DistanceOf(VectorDistance distance) => distance switch
    {
        VectorDistance.Cosine => Wire.Distance.Cosine,
        VectorDistance.Dot => Wire.Distance.Dot,
        VectorDistance.Euclid => Wire.Distance.Euclid,
        VectorDistance.Manhattan => Wire.Distance.Manhattan,
        _ => throw new InvalidRequestException(ErrorCodes.NotSupported, $"The distance {(int)distance} is not known to this version of Quiver."),
    };

    private static Wire.HnswConfigDiff? HnswOf(HnswSettings? settings)
    {
        if (settings is null)
        {
            return null;
        }

        var message = new Wire.HnswConfigDiff();
        Set(settings.M, value => message.M = (ulong)value);
        Set(settings.EfConstruct, value => message.EfConstruct = (ulong)value);
        Set(settings.PayloadM, value => message.PayloadM = (ulong)value);
        Set(settings.FullScanThresholdKb, value => message.FullScanThreshold = (ulong)value);
        Set(settings.OnDisk, value => message.OnDisk = value);
        return message;
    }

    private static Wire.OptimizersConfigDiff? OptimizersOf(OptimizerSettings? settings)
    {
        if (settings is null)
        {
            return null;
        }

        var message = new Wire.OptimizersConfigDiff();
        Set(settings.DeletedThreshold, value => message.DeletedThreshold = value);
        Set(settings.VacuumMinVectors, value => message.VacuumMinVectorNumber = (ulong)value);
        Set(settings.Segments, value => message.DefaultSegmentNumber = (ulong)value);
        Set(settings.MaxSegmentKb, value => message.MaxSegmentSize = (ulong)value);
        Set(settings.IndexingThresholdKb, value => message.IndexingThreshold = (ulong)value);
        Set(settings.FlushIntervalSeconds, value => message.FlushIntervalSec = (ulong)value);
        Set(settings.MaxThreads, value => message.MaxOptimizationThreads = new() { Value = (ulong)value });
        return message;
    }

    private static Wire.StrictModeConfig? StrictModeOf(StrictModeSettings? settings)
    {
        if (settings is null)
        {
            return null;
        }

        var message = new Wire.StrictModeConfig();
        Set(settings.Enabled, value => message.Enabled = value);
        Set(settings.MaxQueryLimit, value => message.MaxQueryLimit = (uint)value);
        Set(settings.MaxUpsertPoints, value => message.UpsertMaxBatchsize = (ulong)value);
        Set(settings.MaxPoints, value => message.MaxPointsCount = (ulong)value);
        Set(settings.MaxVectorBytes, value => message.MaxCollectionVectorSizeBytes = (ulong)value);
        Set(settings.ReadsPerMinute, value => message.ReadRateLimit = (uint)value);
        Set(settings.WritesPerMinute, value => message.WriteRateLimit = (uint)value);
        return message;
    }

    private static Wire.QuantizationConfig? QuantizationOf(QuantizationSettings? settings) => settings?.Kind switch
    {
        // A creation cannot say "none": where the server has a default, a change follows.
        null or QuantizationKind.None => null,
        QuantizationKind.Scalar => new() { Scalar = ScalarOf(settings) },
        QuantizationKind.Binary => new() { Binary = BinaryOf(settings) },
        QuantizationKind.Product => new() { Product = ProductOf(settings) },
        _ => throw UnknownQuantization(settings.Kind),
    };

    private static Wire.QuantizationConfigDiff? QuantizationDiffOf(QuantizationSettings? settings) => settings?.Kind switch
    {
        null => null,
        QuantizationKind.None => new() { Disabled = new() },
        QuantizationKind.Scalar => new() { Scalar = ScalarOf(settings) },
        QuantizationKind.Binary => new() { Binary = BinaryOf(settings) },
        QuantizationKind.Product => new() { Product = ProductOf(settings) },
        _ => throw UnknownQuantization(settings.Kind),
    };

    private static Wire.ScalarQuantization ScalarOf(QuantizationSettings settings)
    {
        var message = new Wire.ScalarQuantization { Type = Wire.QuantizationType.Int8 };
        Set(settings.Quantile, value => message.Quantile = (float)value);
        Set(settings.AlwaysInMemory, value => message.AlwaysRam = value);
        return message;
    }

    private static Wire.BinaryQuantization BinaryOf(QuantizationSettings settings)
    {
        var message = new Wire.BinaryQuantization();
        Set(settings.AlwaysInMemory, value => message.AlwaysRam = value);
        return message;
    }

    private static Wire.ProductQuantization ProductOf(QuantizationSettings settings)
    {
        var message = new Wire.ProductQuantization { Compression = QuantizationNames.CompressionOf(settings) };
        Set(settings.AlwaysInMemory, value => message.AlwaysRam = value);
        return message;
    }

    private static InvalidRequestException UnknownQuantization(QuantizationKind kind) =>
        new(ErrorCodes.NotSupported, $"The quantization {(int)kind} is not known to this version of Quiver.");

    private static void Set<T>(T? value, Action<T> set)
        where T : struct
    {
        if (value is { } given)
        {
            set(given);
        }
    }
}

/// <summary>Names of quantization, for display.</summary>
internal static class QuantizationNames
{
    private const int DefaultCompression = 16;

    /// <summary>The kind of a collection's quantization, such as <c>scalar</c>.</summary>
    public static string Of(Wire.QuantizationConfig? config) => config?.QuantizationCase switch
    {
        null or Wire.QuantizationConfig.QuantizationOneofCase.None => "none",
        Wire.QuantizationConfig.QuantizationOneofCase.Scalar => "scalar",
        Wire.QuantizationConfig.QuantizationOneofCase.Binary => "binary",
        Wire.QuantizationConfig.QuantizationOneofCase.Product => "product",
        Wire.QuantizationConfig.QuantizationOneofCase.Turboquant => "turboquant",
        var other => $"{other}",
    };

    /// <summary>The kind of a setting.</summary>
    public static string Of(QuantizationKind kind) => kind switch
    {
        QuantizationKind.None => "none",
        QuantizationKind.Scalar => "scalar",
        QuantizationKind.Binary => "binary",
        QuantizationKind.Product => "product",
        _ => throw new InvalidRequestException(ErrorCodes.NotSupported, $"The quantization {(int)kind} is not known to this version of Quiver."),
    };

    /// <summary>The ratio of a setting.</summary>
    /// <exception cref="InvalidRequestException">The server has no such ratio.</exception>
    public static Wire.CompressionRatio CompressionOf(QuantizationSettings settings) => (settings.Compression ?? DefaultCompression) switch
    {
        4 => Wire.CompressionRatio.X4,
        8 => Wire.CompressionRatio.X8,
        16 => Wire.CompressionRatio.X16,
        32 => Wire.CompressionRatio.X32,
        64 => Wire.CompressionRatio.X64,
        var other => throw new InvalidRequestException(ErrorCodes.InvalidOption, $"storage.quantization.compression is {other}: choose 4, 8, 16, 32 or 64."),
    };
}
