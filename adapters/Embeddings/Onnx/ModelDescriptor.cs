namespace Quiver.Adapters.Embeddings.Onnx;

/// <summary>The file model.json of a model directory.</summary>
/// <param name="Kind"><c>bert</c>.</param>
/// <param name="Name">The model's name.</param>
/// <param name="Revision">What distinguishes graphs and vocabularies of the same name.</param>
/// <param name="Dimensions">Numbers in a vector.</param>
/// <param name="MaxTokens">Most tokens that the model takes, special tokens and prompts included.</param>
/// <param name="RecommendedChunkTokens">A good size of chunks.</param>
/// <param name="VocabularySize">Ids are below this.</param>
/// <param name="Pooling"><c>mean</c> or <c>cls</c>.</param>
/// <param name="QueryPrompt">What stands before a search query.</param>
/// <param name="DocumentPrompt">What stands before a chunk of a document.</param>
internal sealed record ModelDescriptor(
    string Kind,
    string Name,
    string Revision,
    int Dimensions,
    int MaxTokens,
    int RecommendedChunkTokens,
    int VocabularySize,
    string Pooling = "mean",
    string QueryPrompt = "",
    string DocumentPrompt = "");
