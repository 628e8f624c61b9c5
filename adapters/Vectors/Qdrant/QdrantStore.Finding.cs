using System.Text.Json;
using Quiver.Core.Vectors;

namespace Quiver.Adapters.Vectors.Qdrant;

/// <content>Ids and counts of the points that a filter is about.</content>
internal sealed partial class QdrantStore
{
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
        PhysicalNames.Check(physicalCollection);
        CheckIds(ids);
        return OrWhenMissingAsync<IReadOnlySet<Guid>>(
            new HashSet<Guid>(), async () => (await FindIdsAsync(physicalCollection, filter, ids.Count, cancellationToken)).ToHashSet());
    }

    private async Task<long> CountAsync(string physicalCollection, PointFilter filter, CancellationToken cancellationToken) =>
        await CountAsync(physicalCollection, filter.Write, cancellationToken);

    /// <summary>How many of these points exist and are not as a filter says.</summary>
    private async Task<int> CountUnlikeAsync(string physicalCollection, IReadOnlyList<Guid> ids, PointFilter filter, CancellationToken cancellationToken) =>
        (int)await CountAsync(physicalCollection, writer => WriteUnlike(writer, ids, filter), cancellationToken);

    private async Task<HashSet<Guid>> FindUnlikeAsync(string physicalCollection, IReadOnlyList<Guid> ids, PointFilter filter, CancellationToken cancellationToken)
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
}
