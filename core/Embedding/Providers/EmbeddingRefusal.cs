using Microsoft.Extensions.AI;

namespace Quiver.Core.Embedding.Providers;

/// <summary>The place of a text that the provider refuses while it takes the others: an embedding without a vector and with the reason.</summary>
public static class EmbeddingRefusal
{
    private const string Key = "quiver.refusal";

    /// <summary>A place without a vector.</summary>
    /// <param name="reason">Why.</param>
    public static Embedding<float> Create(QuiverException reason) =>
        new(ReadOnlyMemory<float>.Empty) { AdditionalProperties = new AdditionalPropertiesDictionary { [Key] = reason } };

    /// <summary>Why a text has no vector; null when it has one.</summary>
    /// <param name="embedding">The answer for the text.</param>
    public static QuiverException? Find(Embedding<float> embedding)
    {
        ArgumentNullException.ThrowIfNull(embedding);
        return embedding.AdditionalProperties?.TryGetValue(Key, out QuiverException? reason) == true ? reason : null;
    }
}
