using Microsoft.Extensions.AI;

namespace Quiver.Pipeline.Embedding;

/// <summary>Checks what a model or provider answered before anybody uses it.</summary>
public static class EmbeddingValidator
{
    /// <summary>Checks count, dimension, finiteness and that no vector is all zero.</summary>
    /// <param name="embeddings">The answer.</param>
    /// <param name="expectedCount">Number of texts asked for.</param>
    /// <param name="dimensions">The model's dimensions.</param>
    /// <exception cref="PermanentException">Code <see cref="ErrorCodes.InvalidEmbedding"/>: the count is wrong, so that no vector can be trusted; or code <see cref="ErrorCodes.DimensionMismatch"/>.</exception>
    /// <exception cref="InvalidDocumentException">Code <see cref="ErrorCodes.InvalidEmbedding"/>: one text has an unusable vector.</exception>
    public static void Validate(IReadOnlyList<Embedding<float>> embeddings, int expectedCount, int dimensions)
    {
        if (embeddings.Count != expectedCount)
        {
            throw new PermanentException(
                ErrorCodes.InvalidEmbedding, $"The model answered {embeddings.Count} vectors for {expectedCount} texts; check that the provider serves this model.");
        }

        for (var i = 0; i < embeddings.Count; i++)
        {
            Validate(embeddings[i].Vector.Span, i, dimensions);
        }
    }

    private static void Validate(ReadOnlySpan<float> vector, int index, int dimensions)
    {
        if (vector.Length != dimensions)
        {
            throw new PermanentException(
                ErrorCodes.DimensionMismatch, $"The model answered a vector of {vector.Length} dimensions where {dimensions} are configured; correct the model's settings.");
        }

        var squares = 0d;
        foreach (var value in vector)
        {
            if (!float.IsFinite(value))
            {
                throw new InvalidDocumentException(ErrorCodes.InvalidEmbedding, $"The vector of text {index} has a component that is not a finite number.");
            }

            squares += (double)value * value;
        }

        if (squares == 0)
        {
            throw new InvalidDocumentException(ErrorCodes.InvalidEmbedding, $"The vector of text {index} is all zero.");
        }
    }
}
