using Microsoft.Extensions.AI;

namespace Quiver.Core.Embedding;

/// <summary>Checks a model's answer before it is used.</summary>
public static class EmbeddingValidator
{
    /// <summary>Checks the count, the dimensions, and that each vector is finite and not all zero. A refused text throws its reason unless allowed.</summary>
    /// <param name="embeddings">The answer.</param>
    /// <param name="expectedCount">Texts sent.</param>
    /// <param name="model">The model.</param>
    /// <param name="refusalsAllowed">Whether refused texts pass. Default: false.</param>
    /// <exception cref="TransientException">With <see cref="ErrorCodes.InvalidEmbedding"/>: the count is wrong.</exception>
    /// <exception cref="InvalidDocumentException">
    /// With <see cref="ErrorCodes.InvalidEmbedding"/>: a vector is not finite or all zero. A model returns it for the same text each time, so
    /// a retry does not help.
    /// </exception>
    /// <exception cref="PermanentException">With <see cref="ErrorCodes.DimensionMismatch"/>.</exception>
    public static void Validate(GeneratedEmbeddings<Embedding<float>> embeddings, int expectedCount, EmbeddingModelInfo model, bool refusalsAllowed = false)
    {
        ArgumentNullException.ThrowIfNull(embeddings);
        ArgumentNullException.ThrowIfNull(model);
        if (embeddings.Count != expectedCount)
        {
            throw new TransientException(ErrorCodes.InvalidEmbedding, $"The model {model.Id} returned {embeddings.Count} vectors for {expectedCount} texts.");
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
                    ErrorCodes.DimensionMismatch, $"The model {model.Id} returned a vector of {vector.Length} dimensions instead of {model.Dimensions}.");
            }

            if (!IsUsable(vector))
            {
                throw new InvalidDocumentException(
                    ErrorCodes.InvalidEmbedding, $"The model {model.Id} returned a vector for one of the texts that is not finite or all zero.");
            }
        }
    }

    /// <summary>Whether a vector has the model's dimensions, is finite and not all zero.</summary>
    internal static bool IsValid(ReadOnlySpan<float> vector, EmbeddingModelInfo model) => vector.Length == model.Dimensions && IsUsable(vector);

    private static bool IsUsable(ReadOnlySpan<float> vector)
    {
        var sum = 0f;
        foreach (var number in vector)
        {
            // The sum of squares is finite and positive exactly when all numbers are finite and one is not zero. No embedding overflows it.
            sum += number * number;
        }

        return float.IsFinite(sum) && sum > 0;
    }
}
