
using Quiver.Core.Collections;
using Quiver.Core.Ledger;
using Quiver.Core.Vectors;

namespace Quiver.Grains.Collections;

/// <summary>The next states of a collection, and the collection as others see it.</summary>
internal static class CollectionStateExtensions
{
    private static readonly CollectionSettings Nothing = new();

    /// <summary>The state with changes that are to be made together with the store.</summary>
    public static CollectionState WithPending(this CollectionState state, CollectionSettings changes) => state.With(state.Settings ?? Nothing, changes, refusal: null);

    /// <summary>The state with changes that hold.</summary>
    public static CollectionState WithChanged(this CollectionState state, CollectionSettings changes) =>
        state.With(CollectionSettingsChange.Merge(state.Settings ?? Nothing, changes), pending: null, refusal: null);

    /// <summary>The state without the changes that were to be made.</summary>
    public static CollectionState WithRefused(this CollectionState state, string why) => state.With(state.Settings ?? Nothing, pending: null, why);

    /// <summary>The state after a job took the next generation.</summary>
    public static CollectionState WithGenerationOf(this CollectionState state, JobId job) => state.With(generation: state.Generation + 1, generationJob: job);

    /// <summary>The state with some members changed.</summary>
    public static CollectionState With(this CollectionState state, bool? deleting = null, long? generation = null, JobId? generationJob = null) => new()
    {
        Binding = state.Binding,
        Settings = state.Settings,
        Pending = state.Pending,
        Refusal = state.Refusal,
        Deleting = deleting ?? state.Deleting,
        Generation = generation ?? state.Generation,
        GenerationJob = generationJob ?? state.GenerationJob,
        CreatedAt = state.CreatedAt,
    };

    /// <summary>Null where nothing was asked for.</summary>
    public static CollectionSettings? OrNull(this CollectionSettings settings) => settings == Nothing ? null : settings;

    /// <summary>The binding of a collection that exists.</summary>
    /// <exception cref="NotFoundException">With <see cref="ErrorCodes.UnknownCollection"/>.</exception>
    public static CollectionBinding Require(this CollectionState state, CollectionKey key) => state is { Deleting: false, Binding: { } binding }
        ? binding
        : throw new NotFoundException(
            ErrorCodes.UnknownCollection, $"There is no collection {key.Collection} in tenant {key.Tenant}: 'quiver collections list' shows those there are.");

    /// <summary>The binding with the distance that scores are measured by.</summary>
    /// <exception cref="NotFoundException">With <see cref="ErrorCodes.UnknownCollection"/>.</exception>
    public static CollectionBinding BindingForReaders(this CollectionState state, CollectionKey key, CollectionOptions options) =>
        state.Require(key) with { Distance = (state.Settings?.Dedicated is true ? state.Settings.Storage : options.SharedStorage)?.Distance };

    /// <summary>A collection that exists with its counts.</summary>
    /// <exception cref="NotFoundException">With <see cref="ErrorCodes.UnknownCollection"/>.</exception>
    public static async Task<CollectionInfo> DescribeAsync(
        this CollectionState state, CollectionKey key, IDocumentLedger ledger, IVectorStore store, CancellationToken cancellationToken = default)
    {
        var binding = state.Require(key);
        var documents = await ledger.CountAsync(binding.Key, cancellationToken);
        var points = await store.CountAsync(binding.PointScope, cancellationToken);
        return state.Describe(documents, points);
    }

    /// <summary>A bound collection with its counts.</summary>
    public static CollectionInfo Describe(this CollectionState state, DocumentTotals documents, long points) => new()
    {
        Name = state.Binding!.Key.Collection,
        PhysicalCollection = state.Binding.PhysicalCollection,
        Model = state.Binding.Model,
        Dimensions = state.Binding.Dimensions,
        Documents = documents.Documents,
        Points = points,
        Generation = state.Generation,
        CreatedAt = state.CreatedAt,
        Settings = state.Settings,
        Pending = state.Pending,
        PendingFault = state.Refusal,
    };

    private static CollectionState With(this CollectionState state, CollectionSettings settings, CollectionSettings? pending, string? refusal) => new()
    {
        Binding = state.Binding,
        Settings = settings.OrNull(),
        Pending = pending,
        Refusal = refusal,
        Deleting = state.Deleting,
        Generation = state.Generation,
        GenerationJob = state.GenerationJob,
        CreatedAt = state.CreatedAt,
    };
}
