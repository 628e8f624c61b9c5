using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Google.Protobuf;
using Google.Protobuf.Collections;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Quiver.Core.Vectors;
using Wire = Qdrant.Client.Grpc;

namespace Quiver.Adapters.Vectors.Qdrant;

/// <summary>Stores points on a Qdrant server, over gRPC.</summary>
internal sealed partial class QdrantStore : IVectorStore, IDisposable
{
    private const int MaxKnown = 4096;
    private const int PageBytes = 8 << 20;
    private const int UnknownDimensions = 4096;
    private const int PayloadBytes = 4096;

    private readonly QdrantOptions _options;
    private readonly QdrantTransport _transport;
    private readonly QdrantProcess? _process;
    private readonly QdrantServer _server;
    private readonly WriteLanes _lanes;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly bool _hasRivals;

    // A cache for validation before requests; without an entry the server validates.
    private readonly ConcurrentDictionary<string, int> _dimensions = new(StringComparer.Ordinal);

    /// <summary>Does not connect yet.</summary>
    /// <param name="options">The settings.</param>
    /// <param name="time">The clock.</param>
    /// <param name="random">Jitter of retries.</param>
    /// <param name="logger">The log.</param>
    /// <param name="meters">Creates the metrics; null for none.</param>
    /// <param name="hasRivals">Whether other processes may write the same points, which makes it necessary to fence every write.</param>
    public QdrantStore(
        IOptions<QdrantOptions> options, TimeProvider time, Random random, ILogger<QdrantStore> logger, IMeterFactory? meters = null, bool hasRivals = true)
    {
        _options = options.Value;
        _time = time;
        _logger = logger;
        _hasRivals = hasRivals;
        _transport = new(_options, new(meters), time, random, logger);
        _process = _options.RestAddress is { } rest ? new(rest, _options, time) : null;
        _server = new(_transport, _options.ReadTimeout, logger);
        _lanes = new(_options.MaxInFlight);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<StoredPoint>> QueryAsync(
        PointScope scope, PointQuery query, CancellationToken cancellationToken = default)
    {
        VectorStoreValidator.CheckName(scope.PhysicalCollection);
        VectorStoreValidator.CheckLimit(query.Limit);
        if (_dimensions.TryGetValue(scope.PhysicalCollection, out var dimensions))
        {
            VectorStoreValidator.CheckVector(query.Vector.Span, dimensions);
        }

        var message = ToMessage(scope, query);
        return OrWhenMissingAsync<IReadOnlyList<StoredPoint>>(
            [],
            async () =>
            {
                var request = Read("query", scope.PhysicalCollection);
                var answer = await _transport.SendAsync(request, options => _transport.Points.QueryAsync(message, options), cancellationToken);
                return SettleTies(ReadAll(request, answer.Result, point => PointReader.Read(point, scope.Collection)));
            });
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<StoredPoint>> ScrollAsync(
        PointScope scope, Guid? after, int limit, bool withVectors, CancellationToken cancellationToken = default) =>
        PageAsync(scope.PhysicalCollection, new(scope.Collection), after, limit, withVectors, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<StoredPoint>> FindIndexedBeforeAsync(
        PointScope scope, DateTimeOffset before, Guid? after, int limit, CancellationToken cancellationToken = default) =>
        PageAsync(scope.PhysicalCollection, new(scope.Collection) { IndexedBefore = before }, after, limit, withVectors: false, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<StoredPoint>> ReadAsync(PointScope scope, IReadOnlyList<Guid> ids, CancellationToken cancellationToken = default)
    {
        VectorStoreValidator.CheckIds(ids);
        return ids.Count == 0
            ? Task.FromResult<IReadOnlyList<StoredPoint>>([])
            : PageAsync(scope.PhysicalCollection, new(scope.Collection) { Ids = ids }, after: null, ids.Count, withVectors: false, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<IReadOnlySet<Guid>> FindExistingAsync(
        PointScope scope, IReadOnlyList<Guid> ids, CancellationToken cancellationToken = default) =>
        FindSetAsync(scope.PhysicalCollection, new(scope.Collection) { Ids = ids }, ids, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlySet<Guid>> FindWrittenAsync(
        PointScope scope, IReadOnlyList<Guid> ids, long fromGeneration, CancellationToken cancellationToken = default) =>
        FindSetAsync(scope.PhysicalCollection, new(scope.Collection) { Ids = ids, GenerationFrom = fromGeneration }, ids, cancellationToken);

    public void Dispose()
    {
        _transport.Dispose();
        _process?.Dispose();
    }

    /// <summary>Returns <paramref name="missing"/> when the collection is missing.</summary>
    private static async Task<T> OrWhenMissingAsync<T>(T missing, Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (PermanentException exception) when (exception.Code == ErrorCodes.UnknownCollection)
        {
            return missing;
        }
    }

    private void Remember(string physicalCollection, int dimensions)
    {
        if (_dimensions.Count >= MaxKnown)
        {
            _dimensions.Clear();
        }

        _dimensions[physicalCollection] = dimensions;
    }

    private QdrantRequest Read(string operation, string physicalCollection) => new(operation, _options.ReadTimeout) { Collection = physicalCollection };

    private QdrantRequest Administer(string operation, string physicalCollection) => new(operation, _options.AdminTimeout) { Collection = physicalCollection };

    private static Wire.QueryPoints ToMessage(PointScope scope, PointQuery query)
    {
        var vector = new Wire.DenseVector();
        vector.Data.AddRange(query.Vector.Span);
        var message = new Wire.QueryPoints
        {
            CollectionName = scope.PhysicalCollection,
            Query = new() { Nearest = new() { Dense = vector } },
            Using = QdrantLayout.Vector,
            Filter = new PointFilter(scope.Collection) { Fields = query.Filter }.ToMessage(),
            Limit = (ulong)query.Limit,
            WithPayload = new() { Enable = true },
        };
        if (query.ScoreThreshold is { } threshold)
        {
            message.ScoreThreshold = threshold;
        }

        return message;
    }

    private static List<T> ReadAll<TPoint, T>(QdrantRequest request, RepeatedField<TPoint> points, Func<TPoint, T> read)
    {
        try
        {
            return [.. points.Select(read)];
        }
        catch (FormatException exception)
        {
            throw QdrantFaults.OfShape(request, exception.Message);
        }
    }

    /// <summary>Keeps the server's order, best first in any metric, and sorts equal scores by id.</summary>
    private static List<StoredPoint> SettleTies(List<StoredPoint> points)
    {
        for (var start = 0; start < points.Count;)
        {
            var end = start + 1;
            while (end < points.Count && points[end].Score.Equals(points[start].Score))
            {
                end++;
            }

            points.Sort(start, end - start, Comparer<StoredPoint>.Create(static (first, second) => first.Id.CompareTo(second.Id)));
            start = end;
        }

        return points;
    }

    /// <summary>The offset of the page after an id; the server's offset is inclusive.</summary>
    private static (Guid? Offset, bool IsEnd) Next(Guid? after)
    {
        if (after is not { } id)
        {
            return (null, false);
        }

        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        var number = BinaryPrimitives.ReadUInt128BigEndian(bytes);
        if (number == UInt128.MaxValue)
        {
            return (null, true);
        }

        BinaryPrimitives.WriteUInt128BigEndian(bytes, number + 1);
        return (new Guid(bytes, bigEndian: true), false);
    }

    private Task<IReadOnlyList<StoredPoint>> PageAsync(
        string physicalCollection, PointFilter filter, Guid? after, int limit, bool withVectors, CancellationToken cancellationToken)
    {
        VectorStoreValidator.CheckName(physicalCollection);
        VectorStoreValidator.CheckLimit(limit);
        return OrWhenMissingAsync<IReadOnlyList<StoredPoint>>(
            [],
            async () =>
            {
                // A page with vectors may be large: it is read in requests of bounded size.
                var dimensions = _dimensions.GetValueOrDefault(physicalCollection, UnknownDimensions);
                var bytes = PayloadBytes + (withVectors ? dimensions * sizeof(float) : 0);
                var page = Math.Clamp(PageBytes / bytes, 1, limit);
                var all = new List<StoredPoint>();
                while (all.Count < limit && Next(after) is var (offset, isEnd) && !isEnd)
                {
                    var requested = Math.Min(page, limit - all.Count);
                    var points = await ScrollAsync(physicalCollection, filter, offset, requested, withVectors, cancellationToken);
                    all.AddRange(points);
                    if (points.Count < requested)
                    {
                        break;
                    }

                    after = points[^1].Id;
                }

                return all;
            });
    }

    private async Task<List<StoredPoint>> ScrollAsync(
        string physicalCollection, PointFilter filter, Guid? offset, int limit, bool withVectors, CancellationToken cancellationToken)
    {
        var message = new Wire.ScrollPoints
        {
            CollectionName = physicalCollection,
            Filter = filter.ToMessage(),
            Limit = (uint)limit,
            Offset = offset is { } id ? new() { Uuid = id.ToString() } : null,
            WithPayload = new() { Enable = true },
            WithVectors = new() { Enable = withVectors },
        };
        var request = Read("scroll", physicalCollection);
        var answer = await _transport.SendAsync(request, options => _transport.Points.ScrollAsync(message, options), cancellationToken);
        return ReadAll(request, answer.Result, point => PointReader.Read(point, filter.Scope));
    }

    /// <summary>Reads one page of ids in ascending order.</summary>
    /// <returns>The ids, and where the next page starts; null at the end.</returns>
    private async Task<(List<Guid> Ids, Wire.PointId? Next)> FindIdsAsync(
        string physicalCollection, Wire.Filter filter, int limit, CancellationToken cancellationToken, Wire.PointId? from = null)
    {
        if (limit == 0)
        {
            return ([], null);
        }

        var message = new Wire.ScrollPoints
        {
            CollectionName = physicalCollection,
            Filter = filter,
            Limit = (uint)limit,
            Offset = from,
            WithPayload = new() { Enable = false },
            WithVectors = new() { Enable = false },
        };
        var request = Read("find", physicalCollection);
        var answer = await _transport.SendAsync(request, options => _transport.Points.ScrollAsync(message, options), cancellationToken);
        return (ReadAll(request, answer.Result, static point => PointReader.ReadId(point.Id)), answer.NextPageOffset);
    }

    private Task<IReadOnlySet<Guid>> FindSetAsync(string physicalCollection, PointFilter filter, IReadOnlyList<Guid> ids, CancellationToken cancellationToken)
    {
        VectorStoreValidator.CheckName(physicalCollection);
        VectorStoreValidator.CheckIds(ids);
        return OrWhenMissingAsync<IReadOnlySet<Guid>>(
            new HashSet<Guid>(),
            async () => (await FindIdsAsync(physicalCollection, filter.ToMessage(), ids.Count, cancellationToken)).Ids.ToHashSet());
    }
}
