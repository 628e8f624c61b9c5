using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Quiver.Core.Vectors;

namespace Quiver.Adapters.Vectors.Qdrant;

/// <summary>Stores points on a Qdrant server, over its REST API.</summary>
internal sealed partial class QdrantStore : IVectorStore, IDisposable
{
    private const int MaxKnown = 4096;
    private const int PageBytes = 8 << 20;
    private const int UnknownDimensions = 4096;
    private const int PayloadBytes = 4096;

    private readonly QdrantOptions _options;
    private readonly QdrantTransport _transport;
    private readonly QdrantServer _server;
    private readonly WriteLanes _lanes;
    private readonly ILogger _logger;

    // A cache for validation before requests; without an entry the server validates.
    private readonly ConcurrentDictionary<string, int> _dimensions = new(StringComparer.Ordinal);

    /// <summary>Does not connect yet.</summary>
    public QdrantStore(IOptions<QdrantOptions> options, TimeProvider time, Random random, ILogger<QdrantStore> logger, IMeterFactory? meters = null)
    {
        _options = options.Value;
        _logger = logger;
        _transport = new(_options, new(meters), time, random, logger);
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

        var body = RequestBody.Create(writer => WriteQuery(writer, scope.Collection, query));
        return OrWhenMissingAsync<IReadOnlyList<StoredPoint>>(
            [],
            async () =>
            {
                using var answer = await _transport.SendAsync(Read("query", scope.PhysicalCollection, "/points/query", body), cancellationToken);
                return SettleTies(answer.Read(result => PointReader.ReadAll(result, scope.Collection)));
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

    /// <inheritdoc/>
    public Task<long> CountAsync(PointScope scope, CancellationToken cancellationToken = default)
    {
        VectorStoreValidator.CheckName(scope.PhysicalCollection);
        return OrWhenMissingAsync(0L, () => CountAsync(scope.PhysicalCollection, new PointFilter(scope.Collection), cancellationToken));
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<FacetValue>> FacetAsync(PointScope scope, FacetRequest request, CancellationToken cancellationToken = default)
    {
        VectorStoreValidator.CheckName(scope.PhysicalCollection);
        VectorStoreValidator.CheckFacet(request);
        var body = RequestBody.Create(writer =>
        {
            writer.WriteString("key", PointFilter.KeyPath(request.Field));
            writer.WriteNumber("limit", request.Limit);
            writer.WriteFilter(new(scope.Collection) { Fields = request.Filter });
            writer.WriteBoolean("exact", true);
        });
        return OrWhenMissingAsync<IReadOnlyList<FacetValue>>(
            [],
            async () =>
            {
                using var answer = await _transport.SendAsync(Read("facet", scope.PhysicalCollection, "/facet", body), cancellationToken);
                return answer.Read(static result => VectorStoreValidator.Order(
                    result.GetProperty("hits").EnumerateArray()
                        .Select(static hit => new FacetValue(ReadValue(hit.GetProperty("value")), hit.GetProperty("count").GetInt64()))));
            });
    }

    public void Dispose() => _transport.Dispose();

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

    private QdrantRequest Read(string operation, string physicalCollection, string path, ReadOnlyMemory<byte> body) =>
        new(operation, HttpMethod.Post, QdrantLayout.Path(physicalCollection) + path, _options.ReadTimeout) { Body = body, Collection = physicalCollection };

    private QdrantRequest Write(string operation, HttpMethod method, string physicalCollection, string path, ReadOnlyMemory<byte> body) =>
        new(operation, method, $"{QdrantLayout.Path(physicalCollection)}{path}?wait=true", _options.WriteTimeout)
        {
            Body = body,
            Collection = physicalCollection,
        };

    private QdrantRequest Administer(string operation, HttpMethod method, string physicalCollection, string path, ReadOnlyMemory<byte>? body) =>
        new(operation, method, QdrantLayout.Path(physicalCollection) + path, _options.AdminTimeout) { Body = body, Collection = physicalCollection };

    /// <summary>Sends a write and checks that it was applied, not only acknowledged.</summary>
    private async Task<bool> ApplyAsync(QdrantRequest request, CancellationToken cancellationToken)
    {
        using var answer = await _transport.SendAsync(request, cancellationToken);
        var status = answer.Read(static result => result.GetProperty("status").GetString());
        return status == "completed"
            ? true
            : throw new TransientException(
                ErrorCodes.ServerUnavailable, $"Qdrant accepted {request.Operation} but did not complete it ('{status}'): Quiver sends it again.");
    }

    private static void WriteQuery(Utf8JsonWriter writer, CollectionKey scope, PointQuery query)
    {
        writer.WriteStartArray("query");
        foreach (var value in query.Vector.Span)
        {
            writer.WriteNumberValue(value);
        }

        writer.WriteEndArray();
        writer.WriteString("using", QdrantLayout.Vector);
        writer.WriteFilter(new(scope) { Fields = query.Filter });
        writer.WriteNumber("limit", query.Limit);
        if (query.ScoreThreshold is { } threshold)
        {
            writer.WriteNumber("score_threshold", threshold);
        }

        writer.WriteBoolean("with_payload", true);
        writer.WriteBoolean("with_vector", false);
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
                var bytes = PayloadBytes + (withVectors ? dimensions * BytesPerNumber : 0);
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
        var body = RequestBody.Create(writer =>
        {
            writer.WriteFilter(filter);
            writer.WriteNumber("limit", limit);
            if (offset is { } id)
            {
                writer.WriteString("offset", id);
            }

            writer.WriteBoolean("with_payload", true);
            writer.WriteBoolean("with_vector", withVectors);
        });
        using var answer = await _transport.SendAsync(Read("scroll", physicalCollection, "/points/scroll", body), cancellationToken);
        return answer.Read(result => PointReader.ReadAll(result, filter.Scope));
    }

    private async Task<List<Guid>> FindIdsAsync(string physicalCollection, PointFilter filter, int limit, CancellationToken cancellationToken)
    {
        if (limit == 0)
        {
            return [];
        }

        var body = RequestBody.Create(writer => WriteIdScroll(writer, filter.Write, limit));
        using var answer = await _transport.SendAsync(Read("find", physicalCollection, "/points/scroll", body), cancellationToken);
        return answer.Read(PointReader.ReadIds);
    }

    private Task<IReadOnlySet<Guid>> FindSetAsync(string physicalCollection, PointFilter filter, IReadOnlyList<Guid> ids, CancellationToken cancellationToken)
    {
        VectorStoreValidator.CheckName(physicalCollection);
        VectorStoreValidator.CheckIds(ids);
        return OrWhenMissingAsync<IReadOnlySet<Guid>>(
            new HashSet<Guid>(), async () => (await FindIdsAsync(physicalCollection, filter, ids.Count, cancellationToken)).ToHashSet());
    }

    private async Task<long> CountAsync(string physicalCollection, PointFilter filter, CancellationToken cancellationToken) =>
        await CountAsync(physicalCollection, filter.Write, cancellationToken);

    /// <summary>Counts the existing points with these ids that do not match a filter.</summary>
    private async Task<int> CountUnlikeAsync(string physicalCollection, IReadOnlyList<Guid> ids, PointFilter filter, CancellationToken cancellationToken) =>
        (int)await CountAsync(physicalCollection, writer => WriteUnlike(writer, ids, filter), cancellationToken);

    private async Task<HashSet<Guid>> FindUnlikeAsync(
        string physicalCollection, IReadOnlyList<Guid> ids, PointFilter filter, CancellationToken cancellationToken)
    {
        var body = RequestBody.Create(writer => WriteIdScroll(writer, inner => WriteUnlike(inner, ids, filter), ids.Count));
        using var answer = await _transport.SendAsync(Read("find_unlike", physicalCollection, "/points/scroll", body), cancellationToken);
        return [.. answer.Read(PointReader.ReadIds)];
    }

    private async Task<long> CountAsync(string physicalCollection, Action<Utf8JsonWriter> filter, CancellationToken cancellationToken)
    {
        var body = RequestBody.Create(writer =>
        {
            writer.WritePropertyName("filter");
            filter(writer);
            writer.WriteBoolean("exact", true);
        });
        using var answer = await _transport.SendAsync(Read("count", physicalCollection, "/points/count", body), cancellationToken);
        return answer.Read(static result => result.GetProperty("count").GetInt64());
    }

    private static void WriteIdScroll(Utf8JsonWriter writer, Action<Utf8JsonWriter> filter, int limit)
    {
        writer.WritePropertyName("filter");
        filter(writer);
        writer.WriteNumber("limit", limit);
        writer.WriteBoolean("with_payload", false);
        writer.WriteBoolean("with_vector", false);
    }

    private static void WriteUnlike(Utf8JsonWriter writer, IReadOnlyList<Guid> ids, PointFilter filter)
    {
        writer.WriteStartObject();
        writer.WriteStartArray("must");
        PointFilter.WriteIds(writer, ids);
        writer.WriteEndArray();
        writer.WriteStartArray("must_not");
        filter.Write(writer);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static string ReadValue(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
}
