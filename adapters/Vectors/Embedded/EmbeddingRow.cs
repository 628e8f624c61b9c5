
using Quiver.Core.Vectors;

namespace Quiver.Adapters.Vectors.Embedded;

/// <summary>
/// Vectors as they are stored: of length 1, so that the dot product is the cosine. One that has length 1 already, as far as its numbers can
/// tell, keeps its bits; storing what was read back changes nothing. (A Qdrant collection with cosine distance does the same.)
/// </summary>
internal static class EmbeddingRow
{
    private const double Tolerance = 4e-6;

    /// <summary>A vector as a row of the layout.</summary>
    /// <exception cref="PermanentException">With <see cref="ErrorCodes.DimensionMismatch"/> or <see cref="ErrorCodes.InvalidEmbedding"/>.</exception>
    public static float[] Create(ReadOnlySpan<float> vector, FlatLayout layout)
    {
        var squares = VectorRules.RequireUsable(vector, layout.Dimensions);
        var row = new float[layout.RowFloats];
        if (Math.Abs(squares - 1) <= Tolerance)
        {
            vector.CopyTo(row);
            return row;
        }

        var scale = 1 / Math.Sqrt(squares);
        for (var i = 0; i < vector.Length; i++)
        {
            row[i] = (float)(vector[i] * scale);
        }

        return row;
    }
}
