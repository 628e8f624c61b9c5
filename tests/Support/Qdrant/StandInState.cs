using System.Globalization;
using Grpc.Core;
using Wire = Qdrant.Client.Grpc;

namespace Quiver.Tests.Support.Qdrant;

/// <summary>The durable state of a server, and the answers to requests. Thread-safe.</summary>
internal sealed class StandInState(string version, bool isStrict = false)
{
    /// <summary>Requests after which a delayed write is applied.</summary>
    private const int Delay = 2;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, StandInCollection> _collections = new(StringComparer.Ordinal);
    private readonly Queue<(long At, Action Change)> _pending = new();
    private long _operation;
    private long _requests;

    /// <summary>Identifies the process.</summary>
    public Guid Instance { get; private set; } = Guid.NewGuid();

    /// <summary>The server's default quantization; null for none.</summary>
    public Wire.QuantizationConfig? DefaultQuantization { get; set; }

    /// <summary>Reads with a filter that requests have cost so far; an exact facet costs one for each value.</summary>
    public int FilteredReads { get; private set; }

    /// <summary>Writes that stopped the others of their shard.</summary>
    public int ShardStops { get; private set; }

    public IReadOnlyList<string> Names
    {
        get
        {
            lock (_gate)
            {
                return [.. _collections.Keys.Order(StringComparer.Ordinal)];
            }
        }
    }

    private int Minor { get; } = int.Parse(version.Split('.')[1], CultureInfo.InvariantCulture);

    private bool IsModern => Minor >= 16;

    /// <summary>A collection's points by id; none when it is missing.</summary>
    public IReadOnlyList<StandInPoint> Points(string collection)
    {
        lock (_gate)
        {
            return _collections.TryGetValue(collection, out var found) ? [.. found.Points.Values] : [];
        }
    }

    /// <summary>The configuration of a collection; null when it is missing.</summary>
    public Wire.CollectionConfig? Config(string collection)
    {
        lock (_gate)
        {
            return _collections.TryGetValue(collection, out var found) ? found.Describe().Config : null;
        }
    }

    /// <summary>Changes an existing collection as an administrator or the optimizer does.</summary>
    public void Edit(string collection, Action<StandInCollection> edit)
    {
        lock (_gate)
        {
            edit(_collections[collection]);
        }
    }

    /// <summary>Deletes points as another program would.</summary>
    public void Delete(string collection, IEnumerable<Guid> ids) => Delete(
        new()
        {
            CollectionName = collection,
            Wait = true,
            Points = new() { Points = new() { Ids = { ids.Select(static id => new Wire.PointId { Uuid = id.ToString() }) } } },
        },
        late: false);

    /// <summary>Becomes another process, without the last acknowledged changes of points.</summary>
    public void Restart(int losing)
    {
        lock (_gate)
        {
            Instance = Guid.NewGuid();
            foreach (var collection in _collections.Values)
            {
                collection.Forget(losing);
            }
        }
    }

    public Wire.HealthCheckReply CheckHealth() => new() { Title = "qdrant - vector search engine", Version = version };

    public Wire.ListCollectionsResponse List() => new() { Collections = { Names.Select(static name => new Wire.CollectionDescription { Name = name }) } };

    public Wire.GetCollectionInfoResponse Get(Wire.GetCollectionInfoRequest message) =>
        In(message.CollectionName, static collection => new Wire.GetCollectionInfoResponse { Result = collection.Describe() });

    public Wire.CollectionOperationResponse Create(Wire.CreateCollection message)
    {
        lock (_gate)
        {
            var collection = new StandInCollection(message, IsModern, isStrict, DefaultQuantization);
            return _collections.TryAdd(message.CollectionName, collection)
                ? new() { Result = true }
                : throw StandInErrors.Of(StatusCode.AlreadyExists, $"Wrong input: Collection `{message.CollectionName}` already exists!");
        }
    }

    public Wire.CollectionOperationResponse Change(Wire.UpdateCollection message) => In(message.CollectionName, collection =>
    {
        collection.Change(message);
        return new Wire.CollectionOperationResponse { Result = true };
    });

    public Wire.CollectionOperationResponse Drop(Wire.DeleteCollection message)
    {
        lock (_gate)
        {
            return new() { Result = _collections.Remove(message.CollectionName) };
        }
    }

    public Wire.PointsOperationResponse CreateIndex(Wire.CreateFieldIndexCollection message, bool late) => In(message.CollectionName, collection =>
        Apply(collection, message.Wait, late, () => collection.Indexes[message.FieldName] = new()
        {
            DataType = Enum.Parse<Wire.PayloadSchemaType>(message.FieldType.ToString()),
            Params = message.FieldIndexParams?.Clone(),
        }));

    public Wire.PointsOperationResponse Upsert(Wire.UpsertPoints message, bool late) => In(message.CollectionName, collection =>
    {
        var fence = IsModern ? message.UpdateFilter : null;
        StandInStrictMode.CheckWrite(collection, fence, message.Points.Count);
        StandInStrictMode.CheckPoints(collection, message.Points.Count);
        StandInPoints.Check(collection, message);
        if (fence is not null && Minor >= 19)
        {
            ShardStops++;
        }

        return Apply(collection, message.Wait, late, () => StandInPoints.Upsert(collection, message, IsModern));
    });

    public Wire.PointsOperationResponse Delete(Wire.DeletePoints message, bool late) => In(message.CollectionName, collection =>
    {
        StandInStrictMode.CheckWrite(collection, message.Points.Filter, message.Points.Points?.Ids.Count ?? 0);
        return Apply(collection, message.Wait, late, () => StandInPoints.Delete(collection, message.Points));
    });

    public Wire.ScrollResponse Scroll(Wire.ScrollPoints message) => Read(message.CollectionName, message.Filter, isExact: false, collection => StandInPoints.Scroll(collection, message));

    public Wire.QueryResponse Query(Wire.QueryPoints message) => Read(message.CollectionName, message.Filter, isExact: false, collection => StandInPoints.Query(collection, message));

    public Wire.CountResponse Count(Wire.CountPoints message) => Read(message.CollectionName, message.Filter, message.Exact, collection =>
    {
        var count = (ulong)collection.Points.Values.Count(point => StandInFilter.Matches(message.Filter, point));
        return new Wire.CountResponse { Result = new() { Count = collection.IsOptimizing && !message.Exact ? count * 2 : count } };
    });

    public Wire.FacetResponse CountFacet(Wire.FacetCounts message) => In(message.CollectionName, collection =>
    {
        StandInStrictMode.CheckRead(collection, message.Filter, message.Exact);
        return StandInFacets.Count(collection, message, () => FilteredReads++);
    });

    /// <summary>The result of a write.</summary>
    public Wire.PointsOperationResponse Noted(Wire.UpdateStatus status) =>
        new() { Result = new() { OperationId = (ulong)Interlocked.Increment(ref _operation), Status = status } };

    private T Read<T>(string name, Wire.Filter? filter, bool isExact, Func<StandInCollection, T> answer) => In(name, collection =>
    {
        StandInStrictMode.CheckRead(collection, filter, isExact);
        FilteredReads++;
        return answer(collection);
    });

    private T In<T>(string name, Func<StandInCollection, T> answer)
    {
        lock (_gate)
        {
            _requests++;
            while (_pending.TryPeek(out var next) && next.At <= _requests)
            {
                _pending.Dequeue().Change();
            }

            return answer(_collections.GetValueOrDefault(name) ?? throw StandInErrors.Missing(name));
        }
    }

    /// <summary>Applies a write, at once or some requests later.</summary>
    private Wire.PointsOperationResponse Apply(StandInCollection collection, bool waits, bool late, Action change)
    {
        // Writes are applied in their order.
        if (waits && !late)
        {
            while (_pending.TryDequeue(out var earlier))
            {
                earlier.Change();
            }

            change();
            return Noted(Wire.UpdateStatus.Completed);
        }

        _pending.Enqueue((collection.HoldsWrites ? long.MaxValue : _requests + Delay, change));
        return Noted(waits ? Wire.UpdateStatus.WaitTimeout : Wire.UpdateStatus.Acknowledged);
    }
}
