namespace Quiver.Core.Embedding;

/// <summary>A fixed list of providers.</summary>
public sealed class EmbeddingModelCatalog : IEmbeddingModelCatalog
{
    /// <summary>The name of the local model's provider when the settings give it none.</summary>
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

    // Remote ones first: knowing them costs nothing, while the local model must be read to be known.
    /// <inheritdoc/>
    public IEmbeddingModel? FindModel(string modelId) =>
        Providers.OrderBy(provider => provider.IsLocal).Select(provider => provider.Model).FirstOrDefault(model => model.Info.Id == modelId);
}
