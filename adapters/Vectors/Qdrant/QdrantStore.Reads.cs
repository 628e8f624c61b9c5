using System.Buffers.Binary;
using System.Text.Json;
using Quiver.Core.Vectors;

namespace Quiver.Adapters.Vectors.Qdrant;

/// <content>Queries, pages, counts.</content>
internal sealed partial class QdrantStore
{
    private const int PageBytes = 8 << 20;
    private const int UnknownDimensions = 4096;
    private const int PayloadBytes = 4096;

    /// <inheritdoc/>
    public Task<IReadOnlyList<StoredPoint>> QueryAsync(
        string physicalCollection, CollectionKey scope, PointQuery query, CancellationToken cancellationToken = default)
    {
        PhysicalNames.Check(physicalCollection);
        CheckLimit(query.Limit);
        if (_dimensions.TryGetValue(physicalCollection, out var dimensions))
        {
            VectorRules.RequireUsable(query.Vector.Span, dimensions);
        }

        var body = RequestBody.Create(writer => WriteQuery(writer, scope, query));
        return OrWhenMissingAsync<IReadOnlyList<StoredPoint>>(
            [],
            async () =>
            {
                using var answer = await _transport.SendAsync(Read("query", physicalCollection, "/points/query", body), cancellationToken);
                return SettleTies(answer.Read(result => PointReader.ReadAll(result, scope)));
            });
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<StoredPoint>> ScrollAsync(
        string physicalCollection, CollectionKey scope, Guid? after, int limit, bool withVectors, CancellationToken cancellationToken = default) =>
        PageAsync(physicalCollection, new(scope), after, limit, withVectors, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<StoredPoint>> FindIndexedBeforeAsync(
        string physicalCollection, CollectionKey scope, DateTimeOffset before, Guid? after, int limit, CancellationToken cancellationToken = default) =>
        PageAsync(physicalCollection, new(scope) { IndexedBefore = before }, after, limit, withVectors: false, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlySet<Guid>> FindExistingAsync(
        string physicalCollection, CollectionKey scope, IReadOnlyList<Guid> ids, CancellationToken cancellationToken = default) =>
        FindSetAsync(physicalCollection, new(scope) { Ids = ids }, ids, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlySet<Guid>> FindWrittenAsync(
        string physicalCollection, CollectionKey scope, IReadOnlyList<Guid> ids, long fromGeneration, CancellationToken cancellationToken = default) =>
        FindSetAsync(physicalCollection, new(scope) { Ids = ids, GenerationFrom = fromGeneration }, ids, cancellationToken);

    /// <inheritdoc/>
    public Task<long> CountAsync(string physicalCollection, CollectionKey scope, CancellationToken cancellationToken = default)
    {
        PhysicalNames.Check(physicalCollection);
        return OrWhenMissingAsync(0L, () => CountAsync(physicalCollection, new PointFilter(scope), cancellationToken));
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

    /// <summary>The server's order is kept, best first by whatever measure; only equal scores are put in the order of ids.</summary>
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

    /// <summary>The id to begin with after another one: the server's offset is inclusive.</summary>
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
        PhysicalNames.Check(physicalCollection);
        CheckLimit(limit);
        return OrWhenMissingAsync<IReadOnlyList<StoredPoint>>(
            [],
            async () =>
            {
                // An answer with vectors may be large: as many requests as it takes, each of a bounded size.
                var bytes = PayloadBytes + (withVectors ? (_dimensions.TryGetValue(physicalCollection, out var known) ? known : UnknownDimensions) * BytesPerNumber : 0);
                var page = Math.Clamp(PageBytes / bytes, 1, limit);
                var all = new List<StoredPoint>();
                while (all.Count < limit && Next(after) is var (offset, isEnd) && !isEnd)
                {
                    var asked = Math.Min(page, limit - all.Count);
                    var points = await ScrollAsync(physicalCollection, filter, offset, asked, withVectors, cancellationToken);
                    all.AddRange(points);
                    if (points.Count < asked)
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
}
