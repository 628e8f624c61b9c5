using Quiver.Core.Vectors;

namespace Quiver.Adapters.Vectors.Qdrant;

/// <content>Upserts and deletions.</content>
internal sealed partial class QdrantStore
{
    private const int BytesPerNumber = 12;

    /// <inheritdoc/>
    public async Task<UpsertOutcome> UpsertAsync(
        PointScope scope, IReadOnlyList<VectorPoint> points, CancellationToken cancellationToken = default)
    {
        VectorStoreValidator.CheckName(scope.PhysicalCollection);
        VectorStoreValidator.CheckPoints(points);
        CheckAll(scope, points);

        // Of duplicate ids the last point is kept: within one request the server does not guarantee an order.
        var distinct = points.Reverse().DistinctBy(point => point.Id).Reverse();
        var superseded = 0;
        foreach (var group in distinct.GroupBy(point => (point.Payload.Generation, point.Payload.Epoch)))
        {
            var fence = new PointFilter(scope.Collection) { ReplaceableBy = group.Key };
            superseded += await UpsertAsync(scope.PhysicalCollection, fence, [.. group], cancellationToken);
        }

        return new(points.Count - superseded, superseded);
    }

    /// <inheritdoc/>
    public Task<long> DeleteAsync(PointScope scope, IReadOnlyList<Guid> ids, CancellationToken cancellationToken = default)
    {
        VectorStoreValidator.CheckIds(ids);
        return DeleteFoundAsync(scope, new(scope.Collection) { Ids = ids }, ids.Count, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<long> DeleteOlderAsync(
        PointScope scope, IReadOnlyList<Guid> ids, long beforeGeneration, CancellationToken cancellationToken = default)
    {
        VectorStoreValidator.CheckIds(ids);
        return DeleteByFilterAsync(scope.PhysicalCollection, new(scope.Collection) { Ids = ids, GenerationBefore = beforeGeneration }, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<long> DeleteIndexedBeforeAsync(
        PointScope scope, IReadOnlyList<Guid> ids, DateTimeOffset before, CancellationToken cancellationToken = default)
    {
        VectorStoreValidator.CheckIds(ids);
        return DeleteByFilterAsync(scope.PhysicalCollection, new(scope.Collection) { Ids = ids, IndexedBefore = before }, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<long> DeleteSomeAsync(PointScope scope, int limit, CancellationToken cancellationToken = default)
    {
        VectorStoreValidator.CheckLimit(limit);
        return DeleteFoundAsync(scope, new(scope.Collection), limit, cancellationToken);
    }

    /// <summary>Validates all points before anything is sent, so that a request is stored completely or not at all.</summary>
    private void CheckAll(PointScope scope, IReadOnlyList<VectorPoint> points)
    {
        int? dimensions = _dimensions.TryGetValue(scope.PhysicalCollection, out var known) ? known : null;
        foreach (var point in points)
        {
            VectorStoreValidator.CheckScope(point, scope);
            VectorStoreValidator.CheckVector(point.Vector.Span, dimensions ?? points[0].Vector.Length);
        }
    }

    /// <returns>Points not written because the stored ones are newer.</returns>
    private async Task<int> UpsertAsync(string physicalCollection, PointFilter fence, VectorPoint[] points, CancellationToken cancellationToken)
    {
        var version = await _server.GetVersionAsync(cancellationToken);
        var ids = points.Select(point => point.Id).ToList();
        if (version.HasUpdateFilter)
        {
            await SendAsync(physicalCollection, points, 0, points.Length, fence, cancellationToken);
            return await CountUnlikeAsync(physicalCollection, ids, fence, cancellationToken);
        }

        // Without fencing the adapter reads first; a concurrent write in between may be overwritten.
        var taken = await FindUnlikeAsync(physicalCollection, ids, fence, cancellationToken);
        var own = points.Where(point => !taken.Contains(point.Id)).ToArray();
        await SendAsync(physicalCollection, own, 0, own.Length, null, cancellationToken);
        return points.Length - own.Length;
    }

    /// <summary>Sends points in as few requests as their bytes allow; splits requests that the server rejects as too large.</summary>
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
            catch (InvalidDocumentException exception) when (exception.Code == ErrorCodes.DocumentTooLarge && end - from > 1)
            {
                var middle = from + ((end - from) / 2);
                await SendAsync(physicalCollection, points, from, middle, fence, cancellationToken);
                await SendAsync(physicalCollection, points, middle, end, fence, cancellationToken);
            }
            catch (InvalidDocumentException exception) when (exception.Code == ErrorCodes.DocumentTooLarge)
            {
                throw new InvalidDocumentException(
                    exception.Code,
                    $"Chunk {points[from].Payload.Chunk} of the document is too large for the Qdrant server: "
                    + $"shorten its fields, or raise the server's service.max_request_size_mb. ({exception.Message})",
                    exception);
            }

            from = end;
        }
    }

    /// <summary>Deletes up to <paramref name="limit"/> matching points by their ids.</summary>
    private Task<long> DeleteFoundAsync(PointScope scope, PointFilter filter, int limit, CancellationToken cancellationToken)
    {
        VectorStoreValidator.CheckName(scope.PhysicalCollection);
        return OrWhenMissingAsync(
            0L,
            async () =>
            {
                var ids = await FindIdsAsync(scope.PhysicalCollection, filter, limit, cancellationToken);
                if (ids.Count > 0)
                {
                    var body = RequestBody.Create(writer => writer.WritePoints("points", ids));
                    await ApplyAsync(Write("delete", HttpMethod.Post, scope.PhysicalCollection, "/points/delete", body), cancellationToken);
                }

                return (long)ids.Count;
            });
    }

    private Task<long> DeleteByFilterAsync(string physicalCollection, PointFilter filter, CancellationToken cancellationToken)
    {
        VectorStoreValidator.CheckName(physicalCollection);
        return OrWhenMissingAsync(
            0L,
            async () =>
            {
                var count = await CountAsync(physicalCollection, filter, cancellationToken);
                if (count > 0)
                {
                    var body = RequestBody.Create(writer => writer.WriteFilter(filter));
                    await ApplyAsync(Write("delete_by_filter", HttpMethod.Post, physicalCollection, "/points/delete", body), cancellationToken);
                }

                return count;
            });
    }
}
