using Microsoft.ML.OnnxRuntime;
using Quiver.Pipeline.Embedding;

namespace Quiver.Adapters.Onnx;

/// <summary>A model directory, read but for the weights.</summary>
/// <param name="Info">What is fixed about the model.</param>
/// <param name="Tokenizer">Its tokenizer.</param>
/// <param name="GraphPath">Its model.onnx.</param>
/// <param name="VocabularySize">Ids are below this.</param>
/// <param name="KeepsLastToken">Whether the last token is a special one that a cut text keeps.</param>
/// <param name="CreateRunner">Makes a runner for one thread.</param>
internal sealed record LocalModel(
    EmbeddingModelInfo Info, ITokenizer Tokenizer, string GraphPath, int VocabularySize, bool KeepsLastToken, Func<InferenceSession, IModelRunner> CreateRunner)
{
    /// <summary>Cuts ids to what the model takes, keeping a closing special token.</summary>
    public int[] Truncate(int[] ids) =>
        KeepsLastToken ? [.. ids.AsSpan(0, Info.MaxTokens - 1), ids[^1]] : ids[..Info.MaxTokens];
}
