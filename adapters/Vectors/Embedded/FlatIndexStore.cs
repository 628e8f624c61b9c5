using System.Diagnostics.Metrics;
using Microsoft.Extensions.Options;
using Quiver.Adapters.Storage.Files;
using Quiver.Core.Vectors;

namespace Quiver.Adapters.Vectors.Embedded;

/// <summary>The embedded exact index: one folder per physical collection, with vectors in a memory-mapped file and everything else in SQLite.</summary>
internal sealed class FlatIndexStore(
    IOptions<FlatIndexOptions> options, IMeterFactory? meters = null, Action<CommitStage>? observer = null, bool onlyReads = false,
    DirectoryManifest? manifest = null)
    : IVectorStore, IAsyncDisposable
{
    private readonly FlatIndexInstruments _instruments = new(meters);
    private readonly FlatCollections _collections = new(options.Value, onlyReads, observer, manifest);

    /// <inheritdoc/>
    public Task<VectorStoreInfo> DescribeAsync(CancellationToken cancellationToken = default) =>
        Task.FromResult(new VectorStoreInfo("embedded", typeof(FlatIndexStore).Assembly.GetName().Version?.ToString(3) ?? "0", FencesWrites: true));

    /// <inheritdoc/>
    public Task<string?> FindInstanceAsync(CancellationToken cancellationToken = default) => Task.FromResult<string?>(null);

    /// <inheritdoc/>
    public Task EnsureCollectionAsync(string physicalCollection, PhysicalCollectionSpec spec, CancellationToken cancellationToken = default)
    {
        VectorStoreValidator.CheckDimensions(spec.Dimensions);
        CheckStorage(spec.Storage);
        return MeasureAsync(
            "ensure",
            physicalCollection,
            async () =>
            {
                var existing = (await _collections.OpenAsync(physicalCollection, spec.Dimensions, cancellationToken))!.Layout.Dimensions;
                return existing == spec.Dimensions
                    ? true
                    : throw new ConflictException(
                        ErrorCodes.DimensionMismatch,
                        $"{physicalCollection} holds vectors of {existing} dimensions, not {spec.Dimensions}: use its model, or another collection.");
            });
    }

    /// <inheritdoc/>
    public Task ChangeCollectionAsync(string physicalCollection, StorageSettings changes, CancellationToken cancellationToken = default)
    {
        CheckStorage(changes);
        return MeasureAsync("change", physicalCollection, () => OpenExistingAsync(physicalCollection, cancellationToken));
    }

    /// <inheritdoc/>
    public Task DropCollectionAsync(string physicalCollection, CancellationToken cancellationToken = default) =>
        MeasureAsync("drop", physicalCollection, () => _collections.DropAsync(physicalCollection, cancellationToken));

    /// <inheritdoc/>
    public Task<UpsertOutcome> UpsertAsync(PointScope scope, IReadOnlyList<VectorPoint> points, CancellationToken cancellationToken = default)
    {
        VectorStoreValidator.CheckPoints(points);
        return MeasureAsync(
            "upsert",
            scope.PhysicalCollection,
            async () => await (await OpenExistingAsync(scope.PhysicalCollection, cancellationToken)).UpsertAsync(scope, points, cancellationToken));
    }

    /// <inheritdoc/>
    public Task<long> DeleteAsync(PointScope scope, IReadOnlyList<Guid> ids, CancellationToken cancellationToken = default)
    {
        VectorStoreValidator.CheckIds(ids);
        return RunAsync("delete", scope, 0L, flat => flat.DeleteAsync(scope.Collection, ids, cancellationToken), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<long> DeleteOlderAsync(PointScope scope, IReadOnlyList<Guid> ids, long beforeGeneration, CancellationToken cancellationToken = default)
    {
        VectorStoreValidator.CheckIds(ids);
        return RunAsync(
            "delete_older", scope, 0L, flat => flat.DeleteOlderAsync(scope.Collection, ids, beforeGeneration, cancellationToken), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<long> DeleteIndexedBeforeAsync(PointScope scope, IReadOnlyList<Guid> ids, DateTimeOffset before, CancellationToken cancellationToken = default)
    {
        VectorStoreValidator.CheckIds(ids);
        return RunAsync(
            "delete_indexed_before", scope, 0L, flat => flat.DeleteIndexedBeforeAsync(scope.Collection, ids, before, cancellationToken), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<long> DeleteSomeAsync(PointScope scope, int limit, CancellationToken cancellationToken = default)
    {
        VectorStoreValidator.CheckLimit(limit);
        return RunAsync("delete_some", scope, 0L, flat => flat.DeleteSomeAsync(scope.Collection, limit, cancellationToken), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<StoredPoint>> QueryAsync(PointScope scope, PointQuery query, CancellationToken cancellationToken = default)
    {
        VectorStoreValidator.CheckLimit(query.Limit);
        return RunAsync("query", scope, [], flat => flat.QueryAsync(scope.Collection, query, cancellationToken), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<LexicalAnswer> QueryLexicalAsync(PointScope scope, LexicalQuery query, CancellationToken cancellationToken = default)
    {
        VectorStoreValidator.CheckLimit(query.Limit);
        return RunAsync("query_lexical", scope, new LexicalAnswer([]), flat => flat.QueryLexicalAsync(scope.Collection, query, cancellationToken), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<StoredPoint>> ScrollAsync(
        PointScope scope, Guid? after, int limit, bool withVectors, CancellationToken cancellationToken = default)
    {
        VectorStoreValidator.CheckLimit(limit);
        return RunAsync("scroll", scope, [], flat => flat.ScrollAsync(scope.Collection, after, limit, withVectors, cancellationToken), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<StoredPoint>> ReadAsync(PointScope scope, IReadOnlyList<Guid> ids, CancellationToken cancellationToken = default)
    {
        VectorStoreValidator.CheckIds(ids);
        return RunAsync("read", scope, [], flat => flat.ReadAsync(scope.Collection, ids, cancellationToken), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<IReadOnlySet<Guid>> FindExistingAsync(PointScope scope, IReadOnlyList<Guid> ids, CancellationToken cancellationToken = default) =>
        FindAsync("find_existing", scope, ids, long.MinValue, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlySet<Guid>> FindWrittenAsync(
        PointScope scope, IReadOnlyList<Guid> ids, long fromGeneration, CancellationToken cancellationToken = default) =>
        FindAsync("find_written", scope, ids, fromGeneration, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<StoredPoint>> FindIndexedBeforeAsync(
        PointScope scope, DateTimeOffset before, Guid? after, int limit, CancellationToken cancellationToken = default)
    {
        VectorStoreValidator.CheckLimit(limit);
        return RunAsync(
            "find_indexed_before",
            scope,
            [],
            flat => flat.FindIndexedBeforeAsync(scope.Collection, before, after, limit, cancellationToken),
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<FacetValue>> FacetAsync(PointScope scope, FacetRequest request, CancellationToken cancellationToken = default)
    {
        VectorStoreValidator.CheckFacet(request);
        return RunAsync("facet", scope, [], flat => flat.FacetAsync(scope.Collection, request, cancellationToken), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<long> CountAsync(PointScope scope, CancellationToken cancellationToken = default) =>
        RunAsync("count", scope, 0L, flat => flat.CountAsync(scope.Collection, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _collections.DisposeAsync();

    /// <summary>Rejects storage settings that the index does not support, instead of ignoring them; settings that match what it does are accepted.</summary>
    /// <exception cref="InvalidRequestException">With <see cref="ErrorCodes.NotSupported"/>; lists all unsupported settings.</exception>
    private static void CheckStorage(StorageSettings storage)
    {
        List<string> unsupported = [];
        Check("distance", storage.Distance is null or VectorDistance.Cosine);
        Check("shards", storage.Shards is null or 1);
        Check("replicas", storage.Replicas is null or 1);
        Check("writeConsistency", storage.WriteConsistency is null or 1);
        Check("vectorsOnDisk", storage.VectorsOnDisk is null or true);
        Check("payloadOnDisk", storage.PayloadOnDisk is null or true);
        Check("walCapacityMb", storage.WalCapacityMb is null);
        Check("hnsw", storage.Hnsw is null || storage.Hnsw == new HnswSettings());
        Check("quantization", storage.Quantization is null or { Kind: QuantizationKind.None });
        Check("optimizers", storage.Optimizers is null || storage.Optimizers == new OptimizerSettings());
        Check("strictMode", storage.StrictMode is null || storage.StrictMode == new StrictModeSettings());
        if (unsupported.Count > 0)
        {
            throw new InvalidRequestException(
                ErrorCodes.NotSupported,
                "The embedded index compares all vectors of a collection by cosine, on this machine only. "
                + $"It does not support storage.{string.Join(", storage.", unsupported)}: remove these settings, or use Qdrant (Quiver:Vectors:Store).");
        }

        void Check(string name, bool supported)
        {
            if (!supported)
            {
                unsupported.Add(name);
            }
        }
    }

    private async Task<FlatCollection> OpenExistingAsync(string physicalCollection, CancellationToken cancellationToken) =>
        await _collections.OpenAsync(physicalCollection, dimensions: null, cancellationToken)
        ?? throw new PermanentException(ErrorCodes.UnknownCollection, $"There is no physical collection {physicalCollection}: ingest into it first.");

    private Task<IReadOnlySet<Guid>> FindAsync(
        string operation, PointScope scope, IReadOnlyList<Guid> ids, long fromGeneration, CancellationToken cancellationToken)
    {
        VectorStoreValidator.CheckIds(ids);
        return RunAsync(
            operation, scope, new HashSet<Guid>(), flat => flat.FindExistingAsync(scope.Collection, ids, fromGeneration, cancellationToken), cancellationToken);
    }

    /// <summary>Runs a measured operation on a collection; returns <paramref name="missing"/> when there is no such collection.</summary>
    private Task<T> RunAsync<T>(string operation, PointScope scope, T missing, Func<FlatCollection, Task<T>> work, CancellationToken cancellationToken) =>
        MeasureAsync(
            operation,
            scope.PhysicalCollection,
            async () =>
            {
                try
                {
                    var collection = await _collections.OpenAsync(scope.PhysicalCollection, dimensions: null, cancellationToken);
                    return collection is null ? missing : await work(collection);
                }
                catch (ObjectDisposedException) when (!_collections.IsDisposed)
                {
                    // The collection was dropped after it was opened.
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
        catch (Exception exception)
        {
            error = exception is QuiverException known ? known.Code : exception.GetType().Name;
            throw;
        }
        finally
        {
            _instruments.OperationEnded(operation, physicalCollection, TimeProvider.System.GetElapsedTime(started), error);
        }
    }
}
