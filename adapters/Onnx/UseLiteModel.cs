using Quiver.Pipeline.Embedding;
using Quiver.Pipeline.Embedding.Tokenization;

namespace Quiver.Adapters.Onnx;

/// <summary>The default model as models/ converts it.</summary>
internal static class UseLiteModel
{
    public const string Kind = "use-lite";

    public static LocalModel Read(string directory, string graph, ModelDescriptor descriptor)
    {
        var tokenizer = UnigramTokenizer.Read(File.ReadAllBytes(Path.Combine(directory, "vocab.json")));
        var info = new EmbeddingModelInfo(
            descriptor.Name, descriptor.Revision, descriptor.Dimensions, descriptor.MaxTokens, descriptor.RecommendedChunkTokens);
        return new LocalModel(info, tokenizer, graph, descriptor.VocabularySize, KeepsLastToken: false, session => new UseLiteRunner(session, info.Dimensions));
    }
}
