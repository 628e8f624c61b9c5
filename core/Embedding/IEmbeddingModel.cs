using Microsoft.Extensions.AI;

namespace Quiver.Core.Embedding;

/// <summary>An embedding model. Thread-safe.</summary>
public interface IEmbeddingModel
{
    /// <summary>The model's identity and limits.</summary>
    EmbeddingModelInfo Info { get; }

    /// <summary>Its tokenizer.</summary>
    ITokenizer Tokenizer { get; }

    /// <summary>
    /// Returns vectors in the order of the texts; L2-normalised, <see cref="EmbeddingModelInfo.Dimensions"/> long. Throws classified
    /// <see cref="QuiverException"/>s.
    /// </summary>
    IEmbeddingGenerator<string, Embedding<float>> Generator { get; }

    /// <summary>Whether the model is reached over the network, so waiting for it takes no processor. Default: false.</summary>
    bool IsRemote => false;

    /// <summary>Price of a million tokens, in the currency of the settings. Default: 0.</summary>
    decimal PricePerMillionTokens => 0;
}

/// <summary>The identity and limits of an embedding model.</summary>
/// <param name="Name">Its name, a valid part of a collection name: <c>all-MiniLM-L6-v2</c>.</param>
/// <param name="Revision">Distinguishes weights of the same name: a content hash, 8 to 64 characters.</param>
/// <param name="Dimensions">Numbers in a vector.</param>
/// <param name="MaxTokens">Maximum tokens of a text, special tokens included; longer texts are an error.</param>
/// <param name="RecommendedChunkTokens">Recommended size of a chunk; well below <paramref name="MaxTokens"/>.</param>
public sealed record EmbeddingModelInfo(string Name, string Revision, int Dimensions, int MaxTokens, int RecommendedChunkTokens)
{
    /// <summary><c>name@revision</c>: part of cache keys, content hashes and bindings.</summary>
    public string Id => $"{Name}@{Revision}";

    /// <summary>
    /// Distinguishes the settings for search queries, where a query's vector differs from that of a document with the same text; part of
    /// cache keys. Null where they are the same.
    /// </summary>
    public string? QueryRevision { get; init; }
}

/// <summary>The tokenizer of one embedding model. Thread-safe; accepts texts of any length.</summary>
public interface ITokenizer
{
    /// <summary>Counts the tokens of a text, special tokens included.</summary>
    /// <param name="text">Any text, lone surrogates included.</param>
    int CountTokens(ReadOnlySpan<char> text);

    /// <summary>
    /// Finds the length of the longest prefix that has at most <paramref name="maxTokens"/> tokens. Never splits a surrogate pair; at least
    /// one character where the text has one.
    /// </summary>
    /// <param name="text">Any text.</param>
    /// <param name="maxTokens">At least 1.</param>
    /// <param name="tokens">Tokens of the prefix.</param>
    int IndexOfTokenLimit(ReadOnlySpan<char> text, int maxTokens, out int tokens);

    /// <summary>Counts the tokens of a text that stand for words which the model does not know. Default: 0, for a model that knows every byte.</summary>
    /// <param name="text">Any text.</param>
    int CountUnknown(ReadOnlySpan<char> text) => 0;

    /// <summary>The model's token ids of a text, special tokens included, without truncation.</summary>
    /// <param name="text">Any text.</param>
    int[] Encode(ReadOnlySpan<char> text);
}

/// <summary>Prices of tokens.</summary>
internal static class ModelPrice
{
    private const decimal Million = 1_000_000;

    public static decimal Of(decimal pricePerMillionTokens, long tokens) => tokens * pricePerMillionTokens / Million;
}
