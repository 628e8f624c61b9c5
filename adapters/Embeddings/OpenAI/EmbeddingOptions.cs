namespace Quiver.Adapters.Embeddings.OpenAI;

/// <summary>Section <c>Quiver:Embedding</c>.</summary>
public sealed class EmbeddingOptions
{
    /// <summary>The provider of collections without a model of their own. Default: the local model.</summary>
    public string DefaultProvider { get; set; } = "";
}
