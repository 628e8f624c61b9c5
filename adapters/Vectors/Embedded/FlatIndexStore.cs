using System.Diagnostics.Metrics;
using Microsoft.Extensions.Options;
using Quiver.Core.Vectors;

namespace Quiver.Adapters.Vectors.Embedded;

/// <summary>The embedded exact index: a folder per physical collection, vectors in a mapped file, everything else in SQLite.</summary>
internal sealed partial class FlatIndexStore(IOptions<FlatIndexOptions> options, IMeterFactory? meters = null, Action<CommitStage>? observer = null, bool onlyReads = false)
    : IVectorStore, IAsyncDisposable
{
    private const int MaxPoints = 256;
    private const int MaxIds = 1000;

    private readonly FlatIndexInstruments _instruments = new(meters);
    private readonly FlatCollections _collections = new(options.Value, onlyReads, observer);

    /// <inheritdoc/>
    public Task<UpsertOutcome> UpsertAsync(string physicalCollection, CollectionKey scope, IReadOnlyList<VectorPoint> points, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(points.Count, MaxPoints);
        return MeasureAsync(
            "upsert",
            physicalCollection,
            async () => await (await _collections.OpenAsync(physicalCollection, dimensions: null, cancellationToken)
                ?? throw new PermanentException(ErrorCodes.UnknownCollection, $"There is no physical collection {physicalCollection}: ingest into it first."))
                .UpsertAsync(scope, points, cancellationToken));
    }

    /// <inheritdoc/>
    public Task<long> DeleteAsync(string physicalCollection, CollectionKey scope, IReadOnlyList<Guid> ids, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(ids.Count, MaxIds);
        return OnAsync("delete", physicalCollection, 0L, collection => collection.DeleteAsync(scope, ids, cancellationToken), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<long> DeleteOlderAsync(
        string physicalCollection, CollectionKey scope, IReadOnlyList<Guid> ids, long beforeGeneration, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(ids.Count, MaxIds);
        return OnAsync(
            "delete_older", physicalCollection, 0L, collection => collection.DeleteOlderAsync(scope, ids, beforeGeneration, cancellationToken), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<long> DeleteIndexedBeforeAsync(
        string physicalCollection, CollectionKey scope, IReadOnlyList<Guid> ids, DateTimeOffset before, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(ids.Count, MaxIds);
        return OnAsync(
            "delete_indexed_before", physicalCollection, 0L, collection => collection.DeleteIndexedBeforeAsync(scope, ids, before, cancellationToken), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<long> DeleteSomeAsync(string physicalCollection, CollectionKey scope, int limit, CancellationToken cancellationToken = default)
    {
        CheckLimit(limit);
        return OnAsync("delete_some", physicalCollection, 0L, collection => collection.DeleteSomeAsync(scope, limit, cancellationToken), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<StoredPoint>> QueryAsync(string physicalCollection, CollectionKey scope, PointQuery query, CancellationToken cancellationToken = default)
    {
        CheckLimit(query.Limit);
        return OnAsync("query", physicalCollection, [], collection => collection.QueryAsync(scope, query, cancellationToken), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<StoredPoint>> ScrollAsync(string physicalCollection, CollectionKey scope, Guid? after, int limit, bool withVectors, CancellationToken cancellationToken = default)
    {
        CheckLimit(limit);
        return OnAsync("scroll", physicalCollection, [], collection => collection.ScrollAsync(scope, after, limit, withVectors, cancellationToken), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<IReadOnlySet<Guid>> FindExistingAsync(string physicalCollection, CollectionKey scope, IReadOnlyList<Guid> ids, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(ids.Count, MaxIds);
        return OnAsync("find_existing", physicalCollection, new HashSet<Guid>(), collection => collection.FindExistingAsync(scope, ids, long.MinValue, cancellationToken), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<IReadOnlySet<Guid>> FindWrittenAsync(
        string physicalCollection, CollectionKey scope, IReadOnlyList<Guid> ids, long fromGeneration, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(ids.Count, MaxIds);
        return OnAsync("find_written", physicalCollection, new HashSet<Guid>(), collection => collection.FindExistingAsync(scope, ids, fromGeneration, cancellationToken), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<StoredPoint>> FindIndexedBeforeAsync(
        string physicalCollection, CollectionKey scope, DateTimeOffset before, Guid? after, int limit, CancellationToken cancellationToken = default)
    {
        CheckLimit(limit);
        return OnAsync("find_indexed_before", physicalCollection, [], collection => collection.FindIndexedBeforeAsync(scope, before, after, limit, cancellationToken), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<FacetValue>> FacetAsync(
        string physicalCollection, CollectionKey scope, FacetRequest request, CancellationToken cancellationToken = default)
    {
        FacetRules.RequireCountable(request);
        return OnAsync("facet", physicalCollection, [], collection => collection.FacetAsync(scope, request, cancellationToken), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<long> CountAsync(string physicalCollection, CollectionKey scope, CancellationToken cancellationToken = default) =>
        OnAsync("count", physicalCollection, 0L, collection => collection.CountAsync(scope, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _collections.DisposeAsync();

    private static void CheckLimit(int limit)
    {
        if (limit is < 1 or > MaxIds)
        {
            throw new InvalidRequestException(ErrorCodes.InvalidOption, $"A limit is from 1 to {MaxIds}, not {limit}: choose one in that range.");
        }
    }

    /// <param name="operation">Its name in metrics.</param>
    /// <param name="physicalCollection">The physical collection.</param>
    /// <param name="missing">The answer when there is no such collection.</param>
    /// <param name="work">The operation.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    private Task<T> OnAsync<T>(string operation, string physicalCollection, T missing, Func<FlatCollection, Task<T>> work, CancellationToken cancellationToken) =>
        MeasureAsync(
            operation,
            physicalCollection,
            async () =>
            {
                try
                {
                    return await _collections.OpenAsync(physicalCollection, dimensions: null, cancellationToken) is { } collection ? await work(collection) : missing;
                }
                catch (ObjectDisposedException) when (!_collections.IsDisposed)
                {
                    // Dropped between opening and asking.
                    return missing;
                }
            });

    private async Task<T> MeasureAsync<T>(string operation, string physicalCollection, Func<Task<T>> work)
    {
        var started = TimeProvider.System.GetTimestamp();
        string? error = null;
        try
        {
            return await work();
        }
        catch (Exception e)
        {
            error = e is QuiverException known ? known.Code : e.GetType().Name;
            throw;
        }
        finally
        {
            _instruments.OperationEnded(operation, physicalCollection, TimeProvider.System.GetElapsedTime(started), error);
        }
    }
}
