using System.Security.Cryptography;
using System.Text;
using Quiver.Core.Embedding;

namespace Quiver.Adapters.Embeddings.Onnx;

/// <summary>A model directory, without the weights.</summary>
/// <param name="Info">The model's identity and limits; for a text without its prompt.</param>
/// <param name="Tokenizer">Its tokenizer.</param>
/// <param name="GraphPath">Its model.onnx.</param>
/// <param name="VocabularySize">Ids are below this.</param>
/// <param name="MaxTokens">Maximum tokens of a text with its prompt.</param>
/// <param name="Pooling">How the vectors of tokens are combined.</param>
/// <param name="Prompts">The texts that precede queries and documents.</param>
internal sealed record LocalModel(
    EmbeddingModelInfo Info, ITokenizer Tokenizer, string GraphPath, int VocabularySize, int MaxTokens, Pooling Pooling, ModelPrompts Prompts)
{
    /// <summary>Truncates ids to <see cref="MaxTokens"/>, keeping the closing special token.</summary>
    public int[] Truncate(int[] ids) => [.. ids.AsSpan(0, MaxTokens - 1), ids[^1]];
}

/// <summary>The prompts that precede each text, as the model was trained; empty for none.</summary>
/// <param name="Query">Before a search query.</param>
/// <param name="Document">Before a chunk of a document.</param>
internal sealed record ModelPrompts(string Query, string Document)
{
    private const int RevisionLength = 16;

    public static ModelPrompts None { get; } = new("", "");

    /// <summary>Distinguishes the vectors of queries from those of documents with the same text; null when they are the same.</summary>
    public string? QueryRevision => Query == Document ? null : Hash(Query);

    /// <summary>The revision of document vectors: that of the weights, unless pooling or prompt change the vectors.</summary>
    /// <param name="weights">The revision of graph and vocabulary.</param>
    /// <param name="pooling">How the vectors of tokens are combined.</param>
    public string Revision(string weights, Pooling pooling) =>
        pooling == Pooling.Mean && Document.Length == 0 ? weights : Hash($"{weights}\n{pooling}\n{Document}");

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..RevisionLength];
}

/// <summary>How the vector of a text is made from those of its tokens.</summary>
internal enum Pooling
{
    Mean = 1,

    /// <summary>The first one, that of the token [CLS].</summary>
    Cls = 2,
}

/// <summary>The folders of the models that a build contains.</summary>
internal static class LocalModelFolders
{
    public const string Default = "all-MiniLM-L6-v2";

    /// <summary>The models that a build contains on request.</summary>
    public static IReadOnlyList<string> Extras { get; } = ["arctic-embed-xs"];

    /// <summary>The folder of all models, next to the executable.</summary>
    public static string Root => Path.Combine(AppContext.BaseDirectory, "models");

    /// <summary>Resolves a setting: the name of a model in <see cref="Root"/>, or a path.</summary>
    /// <param name="modelPath"><see cref="OnnxOptions.ModelPath"/>.</param>
    /// <exception cref="PermanentException">Code <see cref="ErrorCodes.ModelUnavailable"/>: it names a model that this build does not contain.</exception>
    public static string Resolve(string modelPath)
    {
        if (Path.GetFileName(modelPath) == modelPath && Path.Combine(Root, modelPath) is var named && Directory.Exists(named))
        {
            return named;
        }

        return Extras.Contains(modelPath) && !Directory.Exists(modelPath)
            ? throw LocalModelReader.Unavailable($"This build of Quiver does not contain the model {modelPath}: build it with `dotnet build silo -p:ExtraModels={modelPath}`.")
            : Path.GetFullPath(modelPath);
    }
}
