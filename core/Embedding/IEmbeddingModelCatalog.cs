namespace Quiver.Core.Embedding;

/// <summary>The embedding models that a silo can use. Thread-safe, and the same on every silo of a cluster.</summary>
public interface IEmbeddingModelCatalog
{
    /// <summary>All providers, by name.</summary>
    IReadOnlyList<EmbeddingProvider> Providers { get; }

    /// <summary>What collections without a model of their own take.</summary>
    EmbeddingProvider Default { get; }

    /// <summary>A provider by its name in the settings; null when there is none.</summary>
    /// <param name="name">The name; case does not matter.</param>
    EmbeddingProvider? FindByName(string name);

    /// <summary>The model of a collection; null when no provider has it.</summary>
    /// <param name="modelId"><see cref="EmbeddingModelInfo.Id"/>.</param>
    /// <exception cref="PermanentException">With <see cref="ErrorCodes.ModelUnavailable"/>: the local model, which might be it, cannot be read.</exception>
    IEmbeddingModel? FindModel(string modelId);

    /// <summary>A model as people name it: by its provider's name, or by its own name or id; null when there is none.</summary>
    /// <param name="asked">The name.</param>
    IEmbeddingModel? Find(string asked) =>
        FindByName(asked)?.Model
        ?? FindModel(asked)
        ?? Providers.OrderBy(provider => provider.IsLocal).Select(provider => provider.Model).FirstOrDefault(model => string.Equals(model.Info.Name, asked, StringComparison.OrdinalIgnoreCase));
}
