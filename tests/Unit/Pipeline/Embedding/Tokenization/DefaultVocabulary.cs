using Quiver.Pipeline.Embedding.Tokenization;

namespace Quiver.Tests.Unit.Pipeline.Embedding.Tokenization;

/// <summary>The default model's tokenizer, from the files that the build puts beside the executable.</summary>
internal static class DefaultVocabulary
{
    private static readonly Lazy<UnigramTokenizer> Loaded = new(
        () => UnigramTokenizer.Read(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "models", "use-lite", "vocab.json"))));

    public static UnigramTokenizer Tokenizer => Loaded.Value;
}
