
using Quiver.Core.Vectors;

namespace Quiver.Adapters.Vectors.Embedded;

/// <content>Physical collections.</content>
internal sealed partial class FlatIndexStore
{
    private const int MaxDimensions = 65_536;

    /// <inheritdoc/>
    public Task<VectorStoreInfo> DescribeAsync(CancellationToken cancellationToken = default) =>
        Task.FromResult(new VectorStoreInfo("embedded", typeof(FlatIndexStore).Assembly.GetName().Version?.ToString(3) ?? "0", FencesWrites: true));

    /// <inheritdoc/>
    public Task<string?> FindInstanceAsync(CancellationToken cancellationToken = default) => Task.FromResult<string?>(null);

    /// <inheritdoc/>
    public Task EnsureCollectionAsync(string physicalCollection, PhysicalCollectionSpec spec, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(spec.Dimensions, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(spec.Dimensions, MaxDimensions);
        EmbeddedStorage.RequireSupported(spec.Storage);
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
        EmbeddedStorage.RequireSupported(changes);
        return MeasureAsync(
            "change",
            physicalCollection,
            async () => await _collections.OpenAsync(physicalCollection, dimensions: null, cancellationToken)
                ?? throw new PermanentException(ErrorCodes.UnknownCollection, $"There is no physical collection {physicalCollection}: ingest into it first."));
    }

    /// <inheritdoc/>
    public Task DropCollectionAsync(string physicalCollection, CancellationToken cancellationToken = default) =>
        MeasureAsync("drop", physicalCollection, () => _collections.DropAsync(physicalCollection, cancellationToken));
}
