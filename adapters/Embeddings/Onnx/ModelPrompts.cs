using System.Security.Cryptography;
using System.Text;

namespace Quiver.Adapters.Embeddings.Onnx;

/// <summary>What stands before each text, as the model was trained; empty for nothing.</summary>
/// <param name="Query">Before a search query.</param>
/// <param name="Document">Before a chunk of a document.</param>
internal sealed record ModelPrompts(string Query, string Document)
{
    private const int RevisionLength = 16;

    /// <summary>No prompts.</summary>
    public static ModelPrompts None { get; } = new("", "");

    /// <summary>What distinguishes the vectors of queries from those of documents of the same text; null when they are the same.</summary>
    public string? QueryRevision => Query == Document ? null : Hash(Query);

    /// <summary>The revision of the vectors of documents: that of the weights, unless pooling or prompt change what these give.</summary>
    /// <param name="weights">The revision of graph and vocabulary.</param>
    /// <param name="pooling">How the tokens' vectors are joined.</param>
    public string Revision(string weights, Pooling pooling) =>
        pooling == Pooling.Mean && Document.Length == 0 ? weights : Hash($"{weights}\n{pooling}\n{Document}");

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..RevisionLength];
}
