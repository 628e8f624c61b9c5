
using Quiver.Core.Vectors;

namespace Quiver.Adapters.Vectors.Qdrant;

/// <content>Upserts and deletions.</content>
internal sealed partial class QdrantStore
{
    private const int MaxPoints = 256;
    private const int BytesPerNumber = 12;

    /// <inheritdoc/>
    public async Task<UpsertOutcome> UpsertAsync(
        string physicalCollection, CollectionKey scope, IReadOnlyList<VectorPoint> points, CancellationToken cancellationToken = default)
    {
        PhysicalNames.Check(physicalCollection);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(points.Count, MaxPoints);
        PointCheck.RequireUsable(points, scope, _dimensions.TryGetValue(physicalCollection, out var known) ? known : null);

        // Of a point that comes twice the later one stays; in one request the server would promise nothing about their order.
        var distinct = points.Reverse().DistinctBy(point => point.Id).Reverse();
        var superseded = 0;
        foreach (var group in distinct.GroupBy(point => (point.Payload.Generation, point.Payload.Epoch)))
        {
            superseded += await UpsertAsync(physicalCollection, new PointFilter(scope) { ReplaceableBy = group.Key }, [.. group], cancellationToken);
        }

        return new(points.Count - superseded, superseded);
    }

    /// <inheritdoc/>
    public Task<long> DeleteAsync(string physicalCollection, CollectionKey scope, IReadOnlyList<Guid> ids, CancellationToken cancellationToken = default)
    {
        PhysicalNames.Check(physicalCollection);
        CheckIds(ids);
        return OrWhenMissingAsync(
            0L,
            async () => await DeleteIdsAsync(physicalCollection, await FindIdsAsync(physicalCollection, new(scope) { Ids = ids }, ids.Count, cancellationToken), cancellationToken));
    }

    /// <inheritdoc/>
    public Task<long> DeleteOlderAsync(
        string physicalCollection, CollectionKey scope, IReadOnlyList<Guid> ids, long beforeGeneration, CancellationToken cancellationToken = default)
    {
        CheckIds(ids);
        return DeleteByFilterAsync(physicalCollection, new(scope) { Ids = ids, GenerationBefore = beforeGeneration }, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<long> DeleteIndexedBeforeAsync(
        string physicalCollection, CollectionKey scope, IReadOnlyList<Guid> ids, DateTimeOffset before, CancellationToken cancellationToken = default)
    {
        CheckIds(ids);
        return DeleteByFilterAsync(physicalCollection, new(scope) { Ids = ids, IndexedBefore = before }, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<long> DeleteSomeAsync(string physicalCollection, CollectionKey scope, int limit, CancellationToken cancellationToken = default)
    {
        PhysicalNames.Check(physicalCollection);
        CheckLimit(limit);
        return OrWhenMissingAsync(
            0L,
            async () => await DeleteIdsAsync(physicalCollection, await FindIdsAsync(physicalCollection, new(scope), limit, cancellationToken), cancellationToken));
    }

    /// <returns>Points left alone.</returns>
    private async Task<int> UpsertAsync(string physicalCollection, PointFilter fence, VectorPoint[] points, CancellationToken cancellationToken)
    {
        var version = await _server.GetVersionAsync(cancellationToken);
        var ids = points.Select(point => point.Id).ToList();
        if (version.HasUpdateFilter)
        {
            await SendAsync(physicalCollection, points, 0, points.Length, fence, cancellationToken);
            return await CountUnlikeAsync(physicalCollection, ids, fence, cancellationToken);
        }

        // A server that cannot fence is asked first; a writer that comes in between may be overwritten.
        var taken = await FindUnlikeAsync(physicalCollection, ids, fence, cancellationToken);
        var own = points.Where(point => !taken.Contains(point.Id)).ToArray();
        await SendAsync(physicalCollection, own, 0, own.Length, null, cancellationToken);
        return points.Length - own.Length;
    }

    /// <summary>Sends points in as few requests as their bytes allow; what the server finds too large is halved.</summary>
    private async Task SendAsync(string physicalCollection, VectorPoint[] points, int from, int to, PointFilter? fence, CancellationToken cancellationToken)
    {
        while (from < to)
        {
            var end = from;
            try
            {
                using var place = await _lanes.EnterAsync(physicalCollection, cancellationToken);
                var buffer = new PooledBuffer(Math.Min(_options.MaxRequestBytes, (to - from) * ((points[from].Vector.Length * BytesPerNumber) + 2048)));
                end = UpsertBody.Write(buffer, points, from, to, fence, _options.MaxRequestBytes);
                var request = Write("upsert", HttpMethod.Put, physicalCollection, "/points", buffer.Written);
                await place.SendAsync(() => ApplyAsync(request, cancellationToken), cancellationToken);
                buffer.Release();
            }
            catch (InvalidDocumentException e) when (e.Code == ErrorCodes.DocumentTooLarge && end - from > 1)
            {
                var middle = from + ((end - from) / 2);
                await SendAsync(physicalCollection, points, from, middle, fence, cancellationToken);
                await SendAsync(physicalCollection, points, middle, end, fence, cancellationToken);
            }
            catch (InvalidDocumentException e) when (e.Code == ErrorCodes.DocumentTooLarge)
            {
                throw new InvalidDocumentException(
                    e.Code, $"Chunk {points[from].Payload.Chunk} of the document is too large for the Qdrant server, even alone: shorten its fields, or raise the server's service.max_request_size_mb. ({e.Message})", e);
            }

            from = end;
        }
    }

    private async Task<long> DeleteIdsAsync(string physicalCollection, IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken)
    {
        if (ids.Count > 0)
        {
            await ApplyAsync(
                Write("delete", HttpMethod.Post, physicalCollection, "/points/delete", RequestBody.Create(writer => writer.WritePoints("points", ids))), cancellationToken);
        }

        return ids.Count;
    }

    private Task<long> DeleteByFilterAsync(string physicalCollection, PointFilter filter, CancellationToken cancellationToken)
    {
        PhysicalNames.Check(physicalCollection);
        return OrWhenMissingAsync(
            0L,
            async () =>
            {
                var count = await CountAsync(physicalCollection, filter, cancellationToken);
                if (count > 0)
                {
                    await ApplyAsync(
                        Write("delete_by_filter", HttpMethod.Post, physicalCollection, "/points/delete", RequestBody.Create(writer => writer.WriteFilter(filter))), cancellationToken);
                }

                return count;
            });
    }
}
