using System.Security.Cryptography;
using System.Text;
using Quiver.Core.Embedding;

namespace Quiver.Grains.Collections;

/// <summary>The contract between a collection and the model that fills it.</summary>
internal static class BindingRules
{
    private const int ReadableLength = 24;

    /// <summary>A new binding: one physical collection per model, shared by all tenants, or one of the collection's own.</summary>
    public static CollectionBinding Create(CollectionKey key, string model, int dimensions, bool dedicated) => new()
    {
        Key = key,
        PhysicalCollection = dedicated ? Dedicated(key, dimensions) : $"quiver_{model.Split('@')[0]}_{dimensions}d",
        Model = model,
        Dimensions = dimensions,
    };

    /// <summary>Refuses a model other than the one that the collection was built with.</summary>
    /// <exception cref="ConflictException">With <see cref="ErrorCodes.DimensionMismatch"/> or <see cref="ErrorCodes.ModelMismatch"/>.</exception>
    public static void RequireSame(CollectionBinding bound, string model, int dimensions)
    {
        if (bound.Dimensions != dimensions)
        {
            throw new ConflictException(
                ErrorCodes.DimensionMismatch,
                $"Collection {bound.Key.Collection} was built with the model {bound.Model} (vectors of {bound.Dimensions} numbers), not {model} ({dimensions}): {Remedy(bound)}");
        }

        if (bound.Model != model)
        {
            throw new ConflictException(
                ErrorCodes.ModelMismatch,
                $"Collection {bound.Key.Collection} was built with the model {bound.Model}, not {model}: {Remedy(bound)}");
        }
    }

    /// <summary>The model of this name, the default one for none; refuses what the silo does not have.</summary>
    /// <exception cref="ConflictException">With <see cref="ErrorCodes.ModelMismatch"/>.</exception>
    public static EmbeddingModelInfo RequireServed(string? asked, IEmbeddingModelCatalog models)
    {
        if (asked is null)
        {
            return models.Default.Model.Info;
        }

        return models.Find(asked)?.Info
            ?? throw new ConflictException(
                ErrorCodes.ModelMismatch,
                $"This server has no model '{asked}': 'quiver providers list' shows those it has; leave the model out for {models.Default.Name}.");
    }

    /// <summary>Refuses to take what exists for something else.</summary>
    /// <exception cref="ConflictException">With <see cref="ErrorCodes.SettingsConflict"/>.</exception>
    public static void RequireSame(CollectionKey key, IReadOnlyList<string> differences)
    {
        if (differences.Count > 0)
        {
            throw new ConflictException(
                ErrorCodes.SettingsConflict,
                $"Collection {key.Collection} exists with other settings: {string.Join("; ", differences)}. Change it with 'quiver collections set', or choose another name.");
        }
    }

    /// <summary>Refuses settings that would be settled for everybody by one tenant.</summary>
    /// <exception cref="ConflictException">With <see cref="ErrorCodes.SettingsConflict"/>.</exception>
    public static void RequireDedicated(CollectionSettings settings)
    {
        if (settings is { Dedicated: not true, Storage: not null })
        {
            throw new ConflictException(
                ErrorCodes.SettingsConflict,
                "How a physical collection is stored that many collections share is for the operator to say (Quiver:Collections:SharedStorage): ask for a dedicated collection (--dedicated) to choose it, if the vector store can.");
        }
    }

    /// <summary>Refuses changes of what is settled.</summary>
    /// <exception cref="ConflictException">With <see cref="ErrorCodes.SettingsConflict"/>.</exception>
    public static void RequireChangeable(CollectionBinding binding, CollectionSettings present, CollectionSettings changes, IEmbeddingModelCatalog models)
    {
        if (changes.Model is { } model && model != binding.Model && models.Find(model)?.Info.Id != binding.Model)
        {
            throw new ConflictException(
                ErrorCodes.SettingsConflict, $"Collection {binding.Key.Collection} was built with the model {binding.Model}, and vectors of two models cannot be compared: ingest into another collection.");
        }

        if (changes.Dedicated is { } dedicated && dedicated != (present.Dedicated ?? false))
        {
            throw new ConflictException(
                ErrorCodes.SettingsConflict, $"Whether collection {binding.Key.Collection} is dedicated was settled when it was created: ingest into another collection that {(dedicated ? "is" : "is not")}.");
        }

        if (changes.Storage is not null && present.Dedicated is not true)
        {
            throw new ConflictException(
                ErrorCodes.SettingsConflict, $"Collection {binding.Key.Collection} lies in {binding.PhysicalCollection}, which other collections share: only the storage of a dedicated collection can be changed.");
        }
    }

    private static string Remedy(CollectionBinding bound) =>
        $"ingest the source into a new collection and delete this one with 'quiver collections delete {bound.Key.Collection}', or configure a provider that has the model {bound.Model}.";

    /// <summary>People should recognise it, and no two collections may share it: so a part of both names, and a digest of them in full.</summary>
    private static string Dedicated(CollectionKey key, int dimensions)
    {
        var digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{key.Tenant}\n{key.Collection}")))[..16];
        return $"quiver_{Cut(key.Tenant.Value)}_{Cut(key.Collection.Value)}_{digest}_{dimensions}d";

        static string Cut(string name) => name.Length > ReadableLength ? name[..ReadableLength] : name;
    }
}
