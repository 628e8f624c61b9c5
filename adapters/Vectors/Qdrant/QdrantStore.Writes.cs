using Grpc.Core;
using Quiver.Core.Vectors;
using Wire = Qdrant.Client.Grpc;

namespace Quiver.Adapters.Vectors.Qdrant;

/// <content>Upserts and deletions.</content>
internal sealed partial class QdrantStore
{
    private static readonly TimeSpan MinPoll = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan MaxPoll = TimeSpan.FromSeconds(2);

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
            var write = new FencedWrite(
                scope.PhysicalCollection,
                new(scope.Collection) { ReplaceableBy = group.Key },
                group.Key,
                await IsFencedAsync(group.Key.Epoch, cancellationToken));
            superseded += await UpsertAsync(write, [.. group], cancellationToken);
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
        return DeleteByFilterAsync(
            scope.PhysicalCollection, new(scope.Collection) { Ids = ids, GenerationBefore = beforeGeneration }, ids.Count, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<long> DeleteIndexedBeforeAsync(
        PointScope scope, IReadOnlyList<Guid> ids, DateTimeOffset before, CancellationToken cancellationToken = default)
    {
        VectorStoreValidator.CheckIds(ids);
        return DeleteByFilterAsync(scope.PhysicalCollection, new(scope.Collection) { Ids = ids, IndexedBefore = before }, ids.Count, cancellationToken);
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

    /// <summary>
    /// Whether the server compares (generation, epoch) with the write. Where that stops the whole shard, it is only done when it is needed: when
    /// other processes write the same points, and after a takeover, when writes of an earlier activation may still be on their way.
    /// </summary>
    private async ValueTask<bool> IsFencedAsync(long epoch, CancellationToken cancellationToken)
    {
        var version = await _server.GetVersionAsync(cancellationToken);
        return version.HasUpdateFilter && (_hasRivals || epoch > 1 || !version.UpdateFilterStopsShard);
    }

    /// <returns>Points not written because the stored ones are newer.</returns>
    private async Task<int> UpsertAsync(FencedWrite write, VectorPoint[] points, CancellationToken cancellationToken)
    {
        var leftOut = await SendAsync(write, points, cancellationToken);
        return write.IsFenced ? (await FindNewerAsync(write, points, cancellationToken)).Count : leftOut;
    }

    /// <summary>Sends points in as few requests as their bytes allow; halves requests that the server rejects as too large.</summary>
    /// <returns>Points left out because the stored ones are newer.</returns>
    private async Task<int> SendAsync(FencedWrite write, VectorPoint[] points, CancellationToken cancellationToken)
    {
        var leftOut = 0;
        for (var from = 0; from < points.Length;)
        {
            var end = from;
            try
            {
                using var place = await _lanes.EnterAsync(write.Collection, cancellationToken);
                var message = new Wire.UpsertPoints { CollectionName = write.Collection, Wait = true };
                end = PointMessages.Add(message, points, from, points.Length, _options.MaxRequestBytes);
                leftOut += await SendAsync(write, message, points[from..end], place, cancellationToken);
            }
            catch (InvalidDocumentException exception) when (exception.Code == ErrorCodes.DocumentTooLarge && end - from > 1)
            {
                var middle = from + ((end - from) / 2);
                leftOut += await SendAsync(write, points[from..middle], cancellationToken);
                leftOut += await SendAsync(write, points[middle..end], cancellationToken);
            }
            catch (InvalidDocumentException exception) when (exception.Code == ErrorCodes.DocumentTooLarge)
            {
                throw new InvalidDocumentException(
                    exception.Code,
                    $"Chunk {points[from].Payload.Chunk} of the document is too large for the Qdrant server: "
                    + $"shorten its fields, or raise the limit. ({exception.Message})",
                    exception);
            }

            from = end;
        }

        return leftOut;
    }

    private async Task<int> SendAsync(
        FencedWrite write, Wire.UpsertPoints message, VectorPoint[] points, WriteLanes.Place place, CancellationToken cancellationToken)
    {
        var leftOut = 0;
        if (write.IsFenced)
        {
            message.UpdateFilter = write.Fence.ToMessage();
        }
        else
        {
            // A concurrent write between this read and the write may be overwritten.
            leftOut = LeaveOut(message, await FindNewerAsync(write, points, cancellationToken));
            if (message.Points.Count == 0)
            {
                return leftOut;
            }
        }

        var request = new QdrantRequest("upsert", _options.WriteTimeout) { Collection = write.Collection, Points = message.Points.Count };
        SetTimeout(request, seconds => message.Timeout = seconds);
        await place.SendAsync(
            () => ApplyAsync(
                request, options => _transport.Points.UpsertAsync(message, options), token => IsWrittenAsync(write, points, token), cancellationToken),
            cancellationToken);
        return leftOut;
    }

    /// <summary>The ids that the store has in newer versions, or of another scope.</summary>
    private async Task<List<Guid>> FindNewerAsync(FencedWrite write, VectorPoint[] points, CancellationToken cancellationToken) =>
        (await FindIdsAsync(write.Collection, write.Fence.ToUnlike([.. points.Select(static point => point.Id)]), points.Length, cancellationToken)).Ids;

    private static int LeaveOut(Wire.UpsertPoints message, List<Guid> ids)
    {
        if (ids.Count > 0)
        {
            var taken = ids.Select(static id => id.ToString()).ToHashSet(StringComparer.Ordinal);
            var own = message.Points.Where(point => !taken.Contains(point.Id.Uuid)).ToList();
            message.Points.Clear();
            message.Points.AddRange(own);
        }

        return ids.Count;
    }

    /// <summary>Whether each of the points is stored as written, or in a newer version.</summary>
    private async Task<bool> IsWrittenAsync(FencedWrite write, VectorPoint[] points, CancellationToken cancellationToken)
    {
        var own = new PointFilter(write.Fence.Scope)
        {
            Ids = [.. points.Select(static point => point.Id)],
            WrittenBy = write.Version,
            IndexedFrom = points.Min(static point => point.Payload.IndexedAt),
        };
        var (written, _) = await FindIdsAsync(write.Collection, own.ToMessage(), points.Length, cancellationToken);
        return written.Count == points.Length
            || written.Count + (await FindNewerAsync(write, points, cancellationToken)).Count == points.Length;
    }

    /// <summary>Deletes up to <paramref name="limit"/> matching points by their ids.</summary>
    private Task<long> DeleteFoundAsync(PointScope scope, PointFilter filter, int limit, CancellationToken cancellationToken)
    {
        VectorStoreValidator.CheckName(scope.PhysicalCollection);
        return OrWhenMissingAsync(
            0L,
            async () =>
            {
                var (ids, _) = await FindIdsAsync(scope.PhysicalCollection, filter.ToMessage(), limit, cancellationToken);
                await DeleteIdsAsync(scope, ids, cancellationToken);
                return (long)ids.Count;
            });
    }

    private async Task DeleteIdsAsync(PointScope scope, List<Guid> ids, CancellationToken cancellationToken)
    {
        if (ids.Count == 0)
        {
            return;
        }

        try
        {
            var selector = new Wire.PointsSelector { Points = new() { Ids = { ids.Select(static id => new Wire.PointId { Uuid = id.ToString() }) } } };
            await DeleteAsync("delete", scope.PhysicalCollection, selector, ids.Count, new(scope.Collection) { Ids = ids }, cancellationToken);
        }
        catch (InvalidDocumentException exception) when (exception.Code == ErrorCodes.DocumentTooLarge && ids.Count > 1)
        {
            var middle = ids.Count / 2;
            await DeleteIdsAsync(scope, ids[..middle], cancellationToken);
            await DeleteIdsAsync(scope, ids[middle..], cancellationToken);
        }
    }

    private Task<long> DeleteByFilterAsync(string physicalCollection, PointFilter filter, int limit, CancellationToken cancellationToken)
    {
        VectorStoreValidator.CheckName(physicalCollection);
        return OrWhenMissingAsync(
            0L,
            async () =>
            {
                var (ids, _) = await FindIdsAsync(physicalCollection, filter.ToMessage(), limit, cancellationToken);
                if (ids.Count > 0)
                {
                    await DeleteAsync("delete_by_filter", physicalCollection, new() { Filter = filter.ToMessage() }, 0, filter, cancellationToken);
                }

                return (long)ids.Count;
            });
    }

    private async Task DeleteAsync(
        string operation, string physicalCollection, Wire.PointsSelector selector, int points, PointFilter remaining, CancellationToken cancellationToken)
    {
        var request = new QdrantRequest(operation, _options.WriteTimeout) { Collection = physicalCollection, Points = points };
        var message = new Wire.DeletePoints { CollectionName = physicalCollection, Wait = true, Points = selector };
        SetTimeout(request, seconds => message.Timeout = seconds);
        await ApplyAsync(
            request,
            options => _transport.Points.DeleteAsync(message, options),
            async token => (await FindIdsAsync(physicalCollection, remaining.ToMessage(), 1, token)).Ids.Count == 0,
            cancellationToken);
    }

    private static void SetTimeout(QdrantRequest request, Action<ulong> set)
    {
        if (request.ServerSeconds is { } seconds)
        {
            set(seconds);
        }
    }

    /// <summary>Sends a write and checks that it was applied, not only acknowledged.</summary>
    /// <param name="request">The request.</param>
    /// <param name="call">Sends it.</param>
    /// <param name="isApplied">Whether the store shows the write.</param>
    /// <param name="cancellationToken">Cancels the request and the wait.</param>
    private async Task ApplyAsync(
        QdrantRequest request,
        Func<CallOptions, AsyncUnaryCall<Wire.PointsOperationResponse>> call,
        Func<CancellationToken, Task<bool>> isApplied,
        CancellationToken cancellationToken)
    {
        var answer = await _transport.SendAsync(request, call, cancellationToken);
        switch (answer.Result?.Status)
        {
            case Wire.UpdateStatus.Completed:
                return;
            case Wire.UpdateStatus.WaitTimeout:
                await UntilAppliedAsync(request, isApplied, cancellationToken);
                return;
            case var status:
                throw new TransientException(
                    ErrorCodes.ServerUnavailable, $"Qdrant accepted {request.Operation} but did not complete it ('{status}'): Quiver sends it again.");
        }
    }

    /// <summary>The write is in the server's log and will be applied: sending it again would only lengthen the queue.</summary>
    private async Task UntilAppliedAsync(QdrantRequest request, Func<CancellationToken, Task<bool>> isApplied, CancellationToken cancellationToken)
    {
        QdrantLog.Queued(_logger, request.Operation, request.Collection ?? "");
        var started = _time.GetTimestamp();
        for (var wait = MinPoll; !await isApplied(cancellationToken); wait = wait * 2 < MaxPoll ? wait * 2 : MaxPoll)
        {
            if (_time.GetElapsedTime(started) >= request.Timeout)
            {
                throw new TransientException(ErrorCodes.Timeout, $"Qdrant queued {request.Operation} and has not applied it: its update queue is too long.");
            }

            await Task.Delay(wait, _time, cancellationToken);
        }
    }

    /// <summary>A write that replaces no newer points.</summary>
    /// <param name="Collection">The physical collection.</param>
    /// <param name="Fence">Selects the existing points that it may replace.</param>
    /// <param name="Version">Its generation and epoch.</param>
    /// <param name="IsFenced">Whether the server applies the fence; otherwise the newer points are read first.</param>
    private sealed record FencedWrite(string Collection, PointFilter Fence, (long Generation, long Epoch) Version, bool IsFenced);
}
