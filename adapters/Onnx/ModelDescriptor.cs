namespace Quiver.Adapters.Onnx;

/// <summary>The file model.json of a model directory.</summary>
/// <param name="Kind"><c>use-lite</c> or <c>bert</c>.</param>
/// <param name="Name">The model's name.</param>
/// <param name="Revision">What distinguishes weights of the same name.</param>
/// <param name="Dimensions">Numbers in a vector.</param>
/// <param name="MaxTokens">Most tokens that the model takes.</param>
/// <param name="RecommendedChunkTokens">A good size of chunks.</param>
/// <param name="VocabularySize">Ids are below this.</param>
internal sealed record ModelDescriptor(
    string Kind, string Name, string Revision, int Dimensions, int MaxTokens, int RecommendedChunkTokens, int VocabularySize);
