using System.Numerics.Tensors;
using Quiver.Core.Vectors;

namespace Quiver.Tests.Support;

/// <summary>A vector store without a file: the whole contract, fencing included. Every write passes a fault switch before and after it.</summary>
internal sealed class MemoryVectorStore(FaultSwitch? faults = null) : IVectorStore
{
    private readonly Lock _gate = new();
    private readonly FaultSwitch _faults = faults ?? new();
    private readonly Dictionary<string, int> _dimensions = [];
    private readonly Dictionary<string, Dictionary<Guid, VectorPoint>> _points = [];

    /// <summary>Points in each upsert that was acknowledged.</summary>
    public List<int> Upserts { get; } = [];

    /// <summary>Points that are too much for the store.</summary>
    public Func<VectorPoint, bool> Refuses { get; set; } = static _ => false;

    /// <summary>Changes of settings, as they came.</summary>
    public List<(string PhysicalCollection, StorageSettings Changes)> Changes { get; } = [];

    /// <summary>The physical collections that there are.</summary>
    public IReadOnlyCollection<string> Collections
    {
        get
        {
            lock (_gate)
            {
                return [.. _dimensions.Keys];
            }
        }
    }

    /// <summary>All points of a scope by id.</summary>
    public IReadOnlyList<VectorPoint> All(string physicalCollection, CollectionKey scope)
    {
        lock (_gate)
        {
            return [.. Of(physicalCollection).Values.Where(point => point.Payload.Scope == scope).OrderBy(point => point.Id)];
        }
    }

    public Task<string?> FindInstanceAsync(CancellationToken cancellationToken = default) => Task.FromResult<string?>(null);

    public Task<VectorStoreInfo> DescribeAsync(CancellationToken cancellationToken = default) => Task.FromResult(new VectorStoreInfo("memory", "1", FencesWrites: true));

    public Task EnsureCollectionAsync(string physicalCollection, PhysicalCollectionSpec spec, CancellationToken cancellationToken = default) =>
        WriteAsync(
            "ensure",
            () => _dimensions.TryAdd(physicalCollection, spec.Dimensions) || _dimensions[physicalCollection] == spec.Dimensions
                ? true
                : throw new ConflictException(ErrorCodes.DimensionMismatch, $"{physicalCollection} has {_dimensions[physicalCollection]} dimensions, not {spec.Dimensions}."),
            cancellationToken);

    public Task ChangeCollectionAsync(string physicalCollection, StorageSettings changes, CancellationToken cancellationToken = default) =>
        WriteAsync(
            "change",
            () =>
            {
                Changes.Add((physicalCollection, changes));
                return true;
            },
            cancellationToken);

    public Task DropCollectionAsync(string physicalCollection, CancellationToken cancellationToken = default) =>
        WriteAsync("drop", () => _points.Remove(physicalCollection) | _dimensions.Remove(physicalCollection), cancellationToken);

    public Task<UpsertOutcome> UpsertAsync(PointScope scope, IReadOnlyList<VectorPoint> points, CancellationToken cancellationToken = default) =>
        WriteAsync(
            "upsert",
            () =>
            {
                Assert.InRange(points.Count, 1, 256);
                if (points.Any(Refuses))
                {
                    throw new InvalidDocumentException(ErrorCodes.DocumentTooLarge, "The store refuses a point.");
                }

                Assert.All(points, point => Assert.Equal(scope.Collection, point.Payload.Scope));
                var stored = Of(scope.PhysicalCollection);
                var written = 0;
                foreach (var point in points)
                {
                    if (stored.TryGetValue(point.Id, out var known)
                        && (known.Payload.Generation, known.Payload.Epoch).CompareTo((point.Payload.Generation, point.Payload.Epoch)) > 0)
                    {
                        continue;
                    }

                    stored[point.Id] = point with { Vector = point.Vector.ToArray() };
                    written++;
                }

                Upserts.Add(points.Count);
                return new UpsertOutcome(written, points.Count - written);
            },
            cancellationToken);

    public Task<long> DeleteAsync(PointScope scope, IReadOnlyList<Guid> ids, CancellationToken cancellationToken = default) =>
        WriteAsync("delete", () => Delete(scope, point => ids.Contains(point.Id)), cancellationToken);

    public Task<long> DeleteOlderAsync(
        PointScope scope, IReadOnlyList<Guid> ids, long beforeGeneration, CancellationToken cancellationToken = default) =>
        WriteAsync(
            "delete older",
            () => Delete(scope, point => ids.Contains(point.Id) && point.Payload.Generation < beforeGeneration),
            cancellationToken);

    public Task<long> DeleteIndexedBeforeAsync(
        PointScope scope, IReadOnlyList<Guid> ids, DateTimeOffset before, CancellationToken cancellationToken = default) =>
        WriteAsync(
            "delete indexed before",
            () => Delete(scope, point => ids.Contains(point.Id) && point.Payload.IndexedAt < before),
            cancellationToken);

    public Task<long> DeleteSomeAsync(PointScope scope, int limit, CancellationToken cancellationToken = default) =>
        WriteAsync(
            "delete some",
            () =>
            {
                var left = limit;
                return Delete(scope, _ => left-- > 0);
            },
            cancellationToken);

    public Task<IReadOnlyList<StoredPoint>> QueryAsync(PointScope scope, PointQuery query, CancellationToken cancellationToken = default) =>
        Task.FromResult<IReadOnlyList<StoredPoint>>(
        [
            .. All(scope)
                .Where(point => query.Filter.All(filter => Value(point.Payload, filter.Key) == filter.Value))
                .Select(point => new StoredPoint(point.Id, point.Payload, default, TensorPrimitives.CosineSimilarity(point.Vector.Span, query.Vector.Span)))
                .Where(point => point.Score >= (query.ScoreThreshold ?? float.MinValue))
                .OrderByDescending(point => point.Score)
                .ThenBy(point => point.Id)
                .Take(query.Limit),
        ]);

    public Task<IReadOnlyList<StoredPoint>> ScrollAsync(PointScope scope, Guid? after, int limit, bool withVectors, CancellationToken cancellationToken = default) =>
        Task.FromResult<IReadOnlyList<StoredPoint>>(
        [
            .. All(scope)
                .Where(point => after is not { } last || point.Id > last)
                .Take(limit)
                .Select(point => new StoredPoint(point.Id, point.Payload, withVectors ? point.Vector : default)),
        ]);

    public Task<IReadOnlyList<StoredPoint>> FindIndexedBeforeAsync(
        PointScope scope, DateTimeOffset before, Guid? after, int limit, CancellationToken cancellationToken = default) =>
        Task.FromResult<IReadOnlyList<StoredPoint>>(
            [.. All(scope).Where(point => point.Payload.IndexedAt < before && (after is not { } last || point.Id > last)).Take(limit).Select(point => new StoredPoint(point.Id, point.Payload, default))]);

    public Task<IReadOnlyList<FacetValue>> FacetAsync(PointScope scope, FacetRequest request, CancellationToken cancellationToken = default)
    {
        VectorStoreValidator.CheckFacet(request);
        return Task.FromResult<IReadOnlyList<FacetValue>>(
        [
            .. VectorStoreValidator.Order(All(scope)
                .Where(point => request.Filter.All(filter => Value(point.Payload, filter.Key) == filter.Value))
                .GroupBy(point => request.Field == PayloadFields.Generation ? $"{point.Payload.Generation}" : Value(point.Payload, request.Field))
                .Where(group => group.Key is not null)
                .Select(group => new FacetValue(group.Key!, group.LongCount())))
                .Take(request.Limit),
        ]);
    }

    public Task<IReadOnlyList<StoredPoint>> ReadAsync(PointScope scope, IReadOnlyList<Guid> ids, CancellationToken cancellationToken = default) =>
        Task.FromResult<IReadOnlyList<StoredPoint>>(
            [.. All(scope).Where(point => ids.Contains(point.Id)).Select(point => new StoredPoint(point.Id, point.Payload, default))]);

    public Task<IReadOnlySet<Guid>> FindExistingAsync(PointScope scope, IReadOnlyList<Guid> ids, CancellationToken cancellationToken = default) =>
        Task.FromResult<IReadOnlySet<Guid>>(All(scope).Select(point => point.Id).Where(ids.Contains).ToHashSet());

    public Task<IReadOnlySet<Guid>> FindWrittenAsync(
        PointScope scope, IReadOnlyList<Guid> ids, long fromGeneration, CancellationToken cancellationToken = default) =>
        Task.FromResult<IReadOnlySet<Guid>>(
            All(scope).Where(point => point.Payload.Generation >= fromGeneration).Select(point => point.Id).Where(ids.Contains).ToHashSet());

    public Task<long> CountAsync(PointScope scope, CancellationToken cancellationToken = default) =>
        Task.FromResult((long)All(scope).Count);

    private static string? Value(PointPayload payload, string field) =>
        field switch
        {
            PayloadFields.DocumentId => payload.DocumentId,
            PayloadFields.Title => payload.Title,
            _ => payload.Metadata.GetValueOrDefault(field),
        };

    private IReadOnlyList<VectorPoint> All(PointScope scope) => All(scope.PhysicalCollection, scope.Collection);

    private long Delete(PointScope scope, Func<VectorPoint, bool> chosen)
    {
        var stored = Of(scope.PhysicalCollection);
        return stored.Values.Where(point => point.Payload.Scope == scope.Collection && chosen(point)).Select(point => point.Id).ToList().Count(stored.Remove);
    }

    private Dictionary<Guid, VectorPoint> Of(string physicalCollection)
    {
        if (!_points.TryGetValue(physicalCollection, out var points))
        {
            points = [];
            _points.Add(physicalCollection, points);
        }

        return points;
    }

    private async Task<T> WriteAsync<T>(string step, Func<T> write, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        await _faults.PassAsync("before " + step);
        T result;
        lock (_gate)
        {
            result = write();
        }

        await _faults.PassAsync("after " + step);
        return result;
    }
}
