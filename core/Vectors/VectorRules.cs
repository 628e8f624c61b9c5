namespace Quiver.Core.Vectors;

/// <summary>What every store refuses to take in.</summary>
internal static class VectorRules
{
    /// <summary>Refuses a vector that is of no use.</summary>
    /// <param name="vector">The vector.</param>
    /// <param name="dimensions">Numbers that it must have.</param>
    /// <returns>The sum of its squares; finite and more than 0.</returns>
    /// <exception cref="PermanentException">With <see cref="ErrorCodes.DimensionMismatch"/> or <see cref="ErrorCodes.InvalidEmbedding"/>.</exception>
    public static double RequireUsable(ReadOnlySpan<float> vector, int dimensions)
    {
        if (vector.Length != dimensions)
        {
            throw new PermanentException(
                ErrorCodes.DimensionMismatch,
                $"The vector has {vector.Length} dimensions, its collection {dimensions}: use the model that the collection was built with.");
        }

        var squares = 0.0;
        foreach (var value in vector)
        {
            squares += (double)value * value;
        }

        return double.IsFinite(squares) && squares > 0
            ? squares
            : throw new PermanentException(
                ErrorCodes.InvalidEmbedding,
                squares == 0 ? "The model gave a vector of zeros: check the model." : "The model gave a vector that is not finite: check the model.");
    }
}
