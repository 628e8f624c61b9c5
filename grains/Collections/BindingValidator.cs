using Quiver.Core.Embedding;

namespace Quiver.Grains.Collections;

/// <summary>Validates requests against a collection's binding and settings.</summary>
internal static class BindingValidator
{
    /// <summary>Refuses a model other than the one that the collection was built with.</summary>
    /// <exception cref="ConflictException">With <see cref="ErrorCodes.DimensionMismatch"/> or <see cref="ErrorCodes.ModelMismatch"/>.</exception>
    public static void RequireSame(CollectionBinding bound, string model, int dimensions)
    {
        var remedy =
            $"ingest the source into a new collection and delete this one with 'quiver collections delete {bound.Key.Collection}' (DELETE /v1/collections/{bound.Key.Collection}), or configure a provider that has the model {bound.Model}.";
        if (bound.Dimensions != dimensions)
        {
            throw new ConflictException(
                ErrorCodes.DimensionMismatch,
                $"Collection {bound.Key.Collection} was built with the model {bound.Model} ({bound.Dimensions} dimensions), not {model} ({dimensions}): {remedy}");
        }

        if (bound.Model != model)
        {
            throw new ConflictException(
                ErrorCodes.ModelMismatch,
                $"Collection {bound.Key.Collection} was built with the model {bound.Model}, not {model}: {remedy}");
        }
    }

    /// <summary>Refuses to mix chunks with and without context in a collection.</summary>
    /// <param name="bound">The collection.</param>
    /// <param name="embedContext">What a job asks for; null for what the collection has.</param>
    /// <exception cref="ConflictException">With <see cref="ErrorCodes.SettingsConflict"/>.</exception>
    public static void RequireSameContext(CollectionBinding bound, bool? embedContext)
    {
        if (embedContext is { } wanted && wanted != bound.EmbedContext)
        {
            var (name, word) = (bound.Key.Collection, wanted ? "true" : "false");
            throw Conflict(
                $"Collection {name} {(bound.EmbedContext ? "embeds title and headings with each chunk" : "embeds chunks without title and headings")}: change that with 'quiver collections set {name} --embed-context {word}' (PATCH /v1/collections/{name}), after which a job embeds all documents of its source again, or ingest into another collection.");
        }
    }

    /// <summary>Returns the model of this name, or the default model for null.</summary>
    /// <exception cref="ConflictException">With <see cref="ErrorCodes.ModelMismatch"/>: no provider of the silo has it.</exception>
    public static EmbeddingModelInfo RequireServed(string? name, IEmbeddingModelCatalog models)
    {
        if (name is null)
        {
            return models.Default.Model.Info;
        }

        return models.Find(name)?.Info
            ?? throw new ConflictException(
                ErrorCodes.ModelMismatch,
                $"This server has no model '{name}': 'quiver providers list' (GET /v1/providers) shows the existing ones; omit the model for {models.Default.Name}.");
    }

    /// <summary>Refuses to create a collection that exists with other settings.</summary>
    /// <exception cref="ConflictException">With <see cref="ErrorCodes.SettingsConflict"/>.</exception>
    public static void RequireSame(CollectionKey key, IReadOnlyList<string> differences)
    {
        if (differences.Count > 0)
        {
            throw Conflict(
                $"Collection {key.Collection} exists with other settings: {string.Join("; ", differences)}. Change it with 'quiver collections set' (PATCH /v1/collections/{key.Collection}), or choose another name.");
        }
    }

    /// <summary>Refuses storage settings for a physical collection that other tenants share.</summary>
    /// <exception cref="ConflictException">With <see cref="ErrorCodes.SettingsConflict"/>.</exception>
    public static void RequireDedicated(CollectionSettings settings)
    {
        if (settings is { Dedicated: not true, Storage: not null })
        {
            throw Conflict(
                "Only the operator sets the storage of shared physical collections (Quiver:Collections:SharedStorage): to choose it, request a dedicated collection (--dedicated, in JSON dedicated), if the vector store supports that.");
        }
    }

    /// <summary>Refuses changes of fixed settings.</summary>
    /// <exception cref="ConflictException">With <see cref="ErrorCodes.SettingsConflict"/>.</exception>
    public static void RequireChangeable(CollectionBinding binding, CollectionSettings present, CollectionSettings changes, IEmbeddingModelCatalog models)
    {
        var collection = binding.Key.Collection;
        if (changes.Model is { } model && model != binding.Model && models.Find(model)?.Info.Id != binding.Model)
        {
            throw Conflict(
                $"Collection {collection} was built with the model {binding.Model}, and vectors of two models cannot be compared: ingest into another collection.");
        }

        if (changes.Dedicated is { } dedicated && dedicated != (present.Dedicated ?? false))
        {
            throw Conflict(
                $"Collection {collection} was created {(dedicated ? "as shared" : "as dedicated")}, which cannot be changed: ingest into another collection that {(dedicated ? "is" : "is not")} dedicated.");
        }

        if (changes.Storage is not null && present.Dedicated is not true)
        {
            throw Conflict(
                $"Collection {collection} is stored in {binding.PhysicalCollection}, which other collections share: only the storage of a dedicated collection can be changed.");
        }
    }

    private static ConflictException Conflict(string message) => new(ErrorCodes.SettingsConflict, message);
}
