
using Quiver.Adapters.Embeddings.OpenAI;
using Quiver.Core.Embedding;

namespace Quiver.Adapters.Embeddings.Providers;

/// <summary>The embedding providers, section <c>Quiver</c>: <c>Providers:NAME:…</c> and <c>Embedding:DefaultProvider</c>.</summary>
public sealed class ProvidersOptions
{
    /// <summary>The section of the configuration.</summary>
    public const string Section = "Quiver";

    /// <summary>Settings by the provider's name. Default: none; the local model is there in any case.</summary>
    public IDictionary<string, ProviderOptions> Providers { get; set; } = new Dictionary<string, ProviderOptions>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Section <c>Quiver:Embedding</c>.</summary>
    public EmbeddingOptions Embedding { get; set; } = new();

    /// <summary>The name of the local model's provider: that of kind <c>onnx</c>, else <c>local</c>.</summary>
    internal string LocalName => Providers.FirstOrDefault(entry => entry.Value.Kind == ProviderKinds.Onnx).Key?.ToLowerInvariant() ?? EmbeddingModelCatalog.Local;

    /// <summary>The provider that collections without a model of their own take.</summary>
    internal string DefaultName => string.IsNullOrWhiteSpace(Embedding.DefaultProvider) ? LocalName : Embedding.DefaultProvider.ToLowerInvariant();
}
