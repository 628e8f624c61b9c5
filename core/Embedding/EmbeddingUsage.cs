using Microsoft.Extensions.AI;

namespace Quiver.Core.Embedding;

/// <summary>How a call was answered, as decorators note it in <see cref="GeneratedEmbeddings{T}.AdditionalProperties"/>.</summary>
public static class EmbeddingUsage
{
    /// <summary>Texts that were sent to the model: an <see cref="int"/>.</summary>
    public const string EmbeddedTexts = "quiver.embedded_texts";

    /// <summary>Texts that the cache answered: an <see cref="int"/>.</summary>
    public const string CacheHits = "quiver.cache_hits";

    /// <summary>Reads a note; without one every text was sent and none cached.</summary>
    /// <param name="embeddings">The answer.</param>
    public static (int EmbeddedTexts, int CacheHits) Read(GeneratedEmbeddings<Embedding<float>> embeddings)
    {
        ArgumentNullException.ThrowIfNull(embeddings);
        return embeddings.AdditionalProperties is { } notes && notes.TryGetValue(EmbeddedTexts, out var sent) && notes.TryGetValue(CacheHits, out var hits)
            ? ((int)sent!, (int)hits!)
            : (embeddings.Count, 0);
    }
}
