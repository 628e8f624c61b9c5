using Microsoft.Extensions.AI;
using Quiver.Core.Embedding.Providers;

namespace Quiver.Core.Embedding;

/// <summary>Checks a model's answer before it is used: nothing wrong is ever stored.</summary>
public static class EmbeddingValidator
{
    /// <summary>Checks count, dimension, and that each vector is finite and not all zero. The place of a refused text throws its reason unless allowed.</summary>
    /// <param name="embeddings">The answer.</param>
    /// <param name="expectedCount">Texts asked for.</param>
    /// <param name="model">The model asked.</param>
    /// <param name="refusalsAllowed">Whether places of refused texts pass.</param>
    /// <exception cref="TransientException">With <see cref="ErrorCodes.InvalidEmbedding"/>: the count is wrong.</exception>
    /// <exception cref="InvalidDocumentException">
    /// With <see cref="ErrorCodes.InvalidEmbedding"/>: a model gives the same text the same useless vector each time, so that only leaving the text out helps.
    /// </exception>
    /// <exception cref="PermanentException">With <see cref="ErrorCodes.DimensionMismatch"/>.</exception>
    public static void Validate(GeneratedEmbeddings<Embedding<float>> embeddings, int expectedCount, EmbeddingModelInfo model, bool refusalsAllowed = false)
    {
        ArgumentNullException.ThrowIfNull(embeddings);
        ArgumentNullException.ThrowIfNull(model);
        if (embeddings.Count != expectedCount)
        {
            throw new TransientException(ErrorCodes.InvalidEmbedding, $"The model {model.Id} gave {embeddings.Count} vectors for {expectedCount} texts.");
        }

        foreach (var embedding in embeddings)
        {
            if (EmbeddingRefusal.Find(embedding) is { } reason)
            {
                if (!refusalsAllowed)
                {
                    throw reason;
                }

                continue;
            }

            var vector = embedding.Vector.Span;
            if (vector.Length != model.Dimensions)
            {
                throw new PermanentException(
                    ErrorCodes.DimensionMismatch,
                    $"The model {model.Id} gave a vector of {vector.Length} numbers where {model.Dimensions} were expected.");
            }

            if (!IsUsable(vector))
            {
                throw new InvalidDocumentException(ErrorCodes.InvalidEmbedding, $"The model {model.Id} gave a vector that is not finite or all zero for one of the texts.");
            }
        }
    }

    /// <summary>Whether a vector has the model's dimension, is finite and not all zero.</summary>
    /// <param name="vector">The vector.</param>
    /// <param name="model">The model that made it.</param>
    internal static bool IsValid(ReadOnlySpan<float> vector, EmbeddingModelInfo model) => vector.Length == model.Dimensions && IsUsable(vector);

    private static bool IsUsable(ReadOnlySpan<float> vector)
    {
        var sum = 0f;
        foreach (var number in vector)
        {
            // A sum of squares is finite and positive exactly when every number is finite and one is not zero, short of overflow, which no embedding reaches.
            sum += number * number;
        }

        return float.IsFinite(sum) && sum > 0;
    }
}
