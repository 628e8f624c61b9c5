
using Quiver.Core.Embedding;

namespace Quiver.Adapters.Embeddings.Onnx;

/// <summary>A model directory, read but for the weights.</summary>
/// <param name="Info">What is fixed about the model; its limit is that of a text without its prompt.</param>
/// <param name="Tokenizer">Its tokenizer.</param>
/// <param name="GraphPath">Its model.onnx.</param>
/// <param name="VocabularySize">Ids are below this.</param>
/// <param name="MaxTokens">The most tokens of a text with its prompt.</param>
/// <param name="Pooling">How the tokens' vectors are joined.</param>
/// <param name="Prompts">What stands before texts.</param>
internal sealed record LocalModel(
    EmbeddingModelInfo Info, ITokenizer Tokenizer, string GraphPath, int VocabularySize, int MaxTokens, Pooling Pooling, ModelPrompts Prompts)
{
    /// <summary>Cuts ids to what the model takes, keeping the closing special token.</summary>
    public int[] Truncate(int[] ids) => [.. ids.AsSpan(0, MaxTokens - 1), ids[^1]];
}
