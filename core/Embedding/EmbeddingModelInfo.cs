namespace Quiver.Core.Embedding;

/// <summary>What is fixed about an embedding model.</summary>
/// <param name="Name">Its name, a valid collection name part: <c>all-MiniLM-L6-v2</c>.</param>
/// <param name="Revision">What distinguishes weights of the same name: a content hash, 8 to 64 characters.</param>
/// <param name="Dimensions">Numbers in a vector.</param>
/// <param name="MaxTokens">Tokens beyond this are an error, special tokens included.</param>
/// <param name="RecommendedChunkTokens">Where answers are still found; well below <paramref name="MaxTokens"/>.</param>
public sealed record EmbeddingModelInfo(string Name, string Revision, int Dimensions, int MaxTokens, int RecommendedChunkTokens)
{
    /// <summary><c>name@revision</c>: part of cache keys, content hashes and bindings.</summary>
    public string Id => $"{Name}@{Revision}";

    /// <summary>
    /// What distinguishes ways to ask for the vectors of search queries, where they are others than those of documents of the same text; part
    /// of cache keys. Null where there is no difference.
    /// </summary>
    public string? QueryRevision { get; init; }
}
