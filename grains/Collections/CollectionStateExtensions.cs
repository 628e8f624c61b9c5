using Quiver.Pipeline.Ledger;

namespace Quiver.Grains.Collections;

/// <summary>The next states of a collection, and the collection as others see it.</summary>
internal static class CollectionStateExtensions
{
    private static readonly CollectionSettings Nothing = new();

    /// <summary>The state with some members changed.</summary>
    public static CollectionState With(this CollectionState state, CollectionSettings? settings = null, bool? deleting = null, long? generation = null) => new()
    {
        Binding = state.Binding,
        Settings = settings is null ? state.Settings : settings.OrNull(),
        Deleting = deleting ?? state.Deleting,
        Generation = generation ?? state.Generation,
        CreatedAt = state.CreatedAt,
    };

    /// <summary>Null where nothing was asked for.</summary>
    public static CollectionSettings? OrNull(this CollectionSettings settings) => settings == Nothing ? null : settings;

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
    };
}
