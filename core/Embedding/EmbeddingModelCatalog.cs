namespace Quiver.Core.Embedding;

/// <summary>The embedding models that a silo can use. Thread-safe, and the same on every silo of a cluster.</summary>
public interface IEmbeddingModelCatalog
{
    /// <summary>All providers, by name.</summary>
    IReadOnlyList<EmbeddingProvider> Providers { get; }

    /// <summary>The provider for collections that name no model.</summary>
    EmbeddingProvider Default { get; }

    /// <summary>Finds a provider by its name in the settings; null when there is none.</summary>
    /// <param name="name">The name; not case-sensitive.</param>
    EmbeddingProvider? FindByName(string name);

    /// <summary>Finds the model of a collection; null when no provider has it.</summary>
    /// <param name="modelId"><see cref="EmbeddingModelInfo.Id"/>.</param>
    /// <exception cref="PermanentException">With <see cref="ErrorCodes.ModelUnavailable"/>: the local model, which may be the one, cannot be read.</exception>
    IEmbeddingModel? FindModel(string modelId);

    /// <summary>Finds a model by its provider's name, its own name or its id; null when there is none.</summary>
    /// <param name="asked">The name; not case-sensitive, an id is.</param>
    IEmbeddingModel? Find(string asked) =>
        FindByName(asked)?.Model
        ?? FindModel(asked)
        ?? Providers.OrderBy(provider => provider.IsLocal)
            .Select(provider => provider.Model)
            .FirstOrDefault(model => string.Equals(model.Info.Name, asked, StringComparison.OrdinalIgnoreCase));
}

/// <summary>A fixed list of providers.</summary>
public sealed class EmbeddingModelCatalog : IEmbeddingModelCatalog
{
    /// <summary>The name of the local model's provider where the settings give it none.</summary>
    public const string Local = "local";

    /// <summary>Creates a catalog.</summary>
    /// <param name="providers">At least one; names differ.</param>
    /// <param name="defaultName">The name of one of them.</param>
    public EmbeddingModelCatalog(IEnumerable<EmbeddingProvider> providers, string defaultName)
    {
        Providers = [.. providers.OrderBy(provider => provider.Name, StringComparer.Ordinal)];
        Default = FindByName(defaultName) ?? throw new ArgumentException($"There is no provider {defaultName}.", nameof(defaultName));
    }

    /// <inheritdoc/>
    public IReadOnlyList<EmbeddingProvider> Providers { get; }

    /// <inheritdoc/>
    public EmbeddingProvider Default { get; }

    /// <summary>A catalog of one local model.</summary>
    /// <param name="model">The model.</param>
    public static EmbeddingModelCatalog Of(IEmbeddingModel model) => new([EmbeddingProvider.OfLocal(Local, () => model)], Local);

    /// <inheritdoc/>
    public EmbeddingProvider? FindByName(string name) =>
        Providers.FirstOrDefault(provider => string.Equals(provider.Name, name, StringComparison.OrdinalIgnoreCase));

    // Remote providers first: their models are known without reading anything, the local model must be read.
    /// <inheritdoc/>
    public IEmbeddingModel? FindModel(string modelId) =>
        Providers.OrderBy(provider => provider.IsLocal).Select(provider => provider.Model).FirstOrDefault(model => model.Info.Id == modelId);
}
