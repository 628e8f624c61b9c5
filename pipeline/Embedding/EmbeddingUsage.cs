using Microsoft.Extensions.AI;

namespace Quiver.Pipeline.Embedding;

/// <summary>
/// What a call cost. It travels in <see cref="GeneratedEmbeddings{TEmbedding}.Usage"/>: tokens as input tokens, the rest as additional
/// counts under <c>quiver.*</c> keys.
/// </summary>
/// <param name="ModelTexts">Texts that the model computed.</param>
/// <param name="CacheHits">Texts answered from the cache.</param>
/// <param name="Duplicates">Texts that were the same as another one of the call.</param>
/// <param name="InputTokens">Tokens that the model computed.</param>
public readonly record struct EmbeddingUsage(long ModelTexts, long CacheHits, long Duplicates, long InputTokens)
{
    private const string ModelTextsKey = "quiver.model_texts";
    private const string CacheHitsKey = "quiver.cache_hits";
    private const string DuplicatesKey = "quiver.duplicates";

    /// <summary>Reads the usage of an answer. A generator that reports none is taken to have computed every text.</summary>
    /// <param name="embeddings">The answer.</param>
    public static EmbeddingUsage Of(GeneratedEmbeddings<Embedding<float>> embeddings)
    {
        var counts = embeddings.Usage?.AdditionalCounts;
        return new EmbeddingUsage(
            Count(counts, ModelTextsKey) ?? embeddings.Count,
            Count(counts, CacheHitsKey) ?? 0,
            Count(counts, DuplicatesKey) ?? 0,
            embeddings.Usage?.InputTokenCount ?? 0);
    }

    /// <summary>The form in which it travels.</summary>
    public UsageDetails ToDetails() => new()
    {
        InputTokenCount = InputTokens,
        TotalTokenCount = InputTokens,
        AdditionalCounts = new AdditionalPropertiesDictionary<long>
        {
            [ModelTextsKey] = ModelTexts,
            [CacheHitsKey] = CacheHits,
            [DuplicatesKey] = Duplicates,
        },
    };

    private static long? Count(AdditionalPropertiesDictionary<long>? counts, string key) =>
        counts is not null && counts.TryGetValue(key, out var value) ? value : null;
}
