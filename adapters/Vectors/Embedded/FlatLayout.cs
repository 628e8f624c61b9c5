using Quiver.Core.Vectors;

namespace Quiver.Adapters.Vectors.Embedded;

/// <summary>The layout of vectors in their file; fixed when a collection is created.</summary>
/// <param name="Dimensions">Numbers in a vector.</param>
/// <param name="RowsPerSegment">Slots in a segment, a multiple of <see cref="BlockRows"/>.</param>
internal sealed record FlatLayout(int Dimensions, int RowsPerSegment)
{
    /// <summary>Slots in a block: the unit of work of a search thread, and the part of the slot map that a commit copies.</summary>
    public const int BlockRows = 512;

    private const double UnitTolerance = 4e-6;

    /// <summary>Numbers in a row: the vector, padded with zeros to 64 bytes so that the kernel handles no remainder.</summary>
    public int RowFloats => (Dimensions + DotKernel.Step - 1) / DotKernel.Step * DotKernel.Step;

    public int RowBytes => RowFloats * sizeof(float);

    public long SegmentBytes => (long)RowsPerSegment * RowBytes;

    public static FlatLayout Create(int dimensions, int segmentBytes)
    {
        var one = new FlatLayout(dimensions, BlockRows);
        var blocks = Math.Max(1, segmentBytes / one.SegmentBytes);
        return one with { RowsPerSegment = (int)blocks * BlockRows };
    }

    /// <summary>
    /// A vector as a row: scaled to length 1, so that the dot product is the cosine. A vector of length 1, within rounding, keeps its bits, so
    /// writing back what was read changes nothing. (Qdrant does the same for cosine distance.)
    /// </summary>
    /// <exception cref="PermanentException">With <see cref="ErrorCodes.DimensionMismatch"/> or <see cref="ErrorCodes.InvalidEmbedding"/>.</exception>
    public float[] CreateRow(ReadOnlySpan<float> vector)
    {
        var squares = VectorStoreValidator.CheckVector(vector, Dimensions);
        var row = new float[RowFloats];
        if (Math.Abs(squares - 1) <= UnitTolerance)
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
