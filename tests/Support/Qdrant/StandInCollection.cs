using Google.Protobuf;
using Wire = Qdrant.Client.Grpc;

namespace Quiver.Tests.Support.Qdrant;

/// <summary>A collection: its configuration, its indexes, its points.</summary>
internal sealed class StandInCollection
{
    private readonly Wire.CollectionConfig _config;

    /// <param name="message">The request that created it.</param>
    /// <param name="keepsMetadata">Whether the server's version keeps metadata.</param>
    /// <param name="isStrict">Whether strict mode is on by default.</param>
    /// <param name="quantization">The server's default; null for none.</param>
    public StandInCollection(Wire.CreateCollection message, bool keepsMetadata, bool isStrict, Wire.QuantizationConfig? quantization)
    {
        _config = new()
        {
            Params = new()
            {
                VectorsConfig = message.VectorsConfig.Clone(),
                ShardNumber = message.HasShardNumber ? message.ShardNumber : 1,
                ReplicationFactor = message.HasReplicationFactor ? message.ReplicationFactor : 1,
                WriteConsistencyFactor = message.HasWriteConsistencyFactor ? message.WriteConsistencyFactor : 1,
                OnDiskPayload = !message.HasOnDiskPayload || message.OnDiskPayload,
            },
            HnswConfig = new() { M = 16, EfConstruct = 100, FullScanThreshold = 10000, MaxIndexingThreads = 0, OnDisk = false },
            OptimizerConfig = new() { DeletedThreshold = 0.2, VacuumMinVectorNumber = 1000, DefaultSegmentNumber = 0, IndexingThreshold = 10000, FlushIntervalSec = 5 },
            WalConfig = new() { WalCapacityMb = 32, WalSegmentsAhead = 0 },
            StrictModeConfig = isStrict ? StandInStrictMode.Strictest() : new() { Enabled = false },
            QuantizationConfig = message.QuantizationConfig?.Clone() ?? quantization?.Clone(),
        };
        Merge(_config.HnswConfig, message.HnswConfig);
        Merge(_config.OptimizerConfig, message.OptimizersConfig);
        Merge(_config.WalConfig, message.WalConfig);
        Merge(_config.StrictModeConfig, message.StrictModeConfig);
        if (keepsMetadata)
        {
            _config.Metadata.Add(message.Metadata.Clone());
        }
    }

    public SortedDictionary<Guid, StandInPoint> Points { get; } = new(StandInPoint.IdOrder);

    /// <summary>The point that each change replaced, the latest on top; null for none.</summary>
    public Stack<(Guid Id, StandInPoint? Before)> Changes { get; } = new();

    public SortedDictionary<string, Wire.PayloadSchemaInfo> Indexes { get; } = new(StringComparer.Ordinal);

    public Wire.StrictModeConfig StrictMode => _config.StrictModeConfig;

    public StandInRates Rates { get; } = new();

    /// <summary>
    /// Whether the server is optimizing segments. Points that are being moved are in two of them, so estimates count them twice.
    /// </summary>
    public bool IsOptimizing { get; set; }

    /// <summary>The error of the optimizer; null for none.</summary>
    public string? OptimizerError { get; set; }

    /// <summary>Whether delayed writes stay in the queue.</summary>
    public bool HoldsWrites { get; set; }

    /// <summary>Writes that wait in the update queue.</summary>
    public int Queued { get; set; }

    public Wire.Distance Distance => _config.Params.VectorsConfig.ParamsMap.Map.Values.First().Distance;

    /// <summary>The size of a named vector; null when there is no such vector.</summary>
    public int? Size(string vector) => _config.Params.VectorsConfig.ParamsMap.Map.TryGetValue(vector, out var parameters) ? (int)parameters.Size : null;

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

    /// <summary>Applies a change, section by section.</summary>
    public void Change(Wire.UpdateCollection message)
    {
        if (message.Params is { } parameters)
        {
            _config.Params.ReplicationFactor = parameters.HasReplicationFactor ? parameters.ReplicationFactor : _config.Params.ReplicationFactor;
            _config.Params.WriteConsistencyFactor = parameters.HasWriteConsistencyFactor ? parameters.WriteConsistencyFactor : _config.Params.WriteConsistencyFactor;
            _config.Params.OnDiskPayload = parameters.HasOnDiskPayload ? parameters.OnDiskPayload : _config.Params.OnDiskPayload;
        }

        foreach (var (name, changes) in message.VectorsConfig?.ParamsMap?.Map ?? [])
        {
            _config.Params.VectorsConfig.ParamsMap.Map[name].OnDisk = changes.OnDisk;
        }

        Merge(_config.HnswConfig, message.HnswConfig);
        Merge(_config.OptimizerConfig, message.OptimizersConfig);
        Merge(_config.StrictModeConfig, message.StrictModeConfig);
        _config.QuantizationConfig = message.QuantizationConfig switch
        {
            null => _config.QuantizationConfig,
            { Scalar: { } scalar } => new() { Scalar = scalar.Clone() },
            { Binary: { } binary } => new() { Binary = binary.Clone() },
            { Product: { } product } => new() { Product = product.Clone() },
            _ => null,
        };
    }

    /// <summary>The description.</summary>
    public Wire.CollectionInfo Describe()
    {
        var info = new Wire.CollectionInfo
        {
            Status = OptimizerError is not null ? Wire.CollectionStatus.Red : IsOptimizing ? Wire.CollectionStatus.Yellow : Wire.CollectionStatus.Green,
            OptimizerStatus = new() { Ok = OptimizerError is null, Error = OptimizerError ?? "" },
            PointsCount = (ulong)Points.Count,
            IndexedVectorsCount = IsOptimizing ? 0 : (ulong)Points.Count,
            SegmentsCount = 2,
            Config = _config.Clone(),
            UpdateQueue = new() { Length = (ulong)Queued },
        };
        foreach (var (field, index) in Indexes)
        {
            info.PayloadSchema[field] = index.Clone();
            info.PayloadSchema[field].Points = (ulong)Points.Values.Count(point => point.Payload.ContainsKey(field.Trim('"')));
        }

        return info;
    }

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

    private static void Merge<T>(T present, T? changes)
        where T : class, IMessage<T>
    {
        if (changes is not null)
        {
            present.MergeFrom(changes);
        }
    }
}
