namespace Quiver.Adapters.Vectors.Embedded;

/// <summary>How vectors lie in their file; fixed when a collection is made.</summary>
/// <param name="Dimensions">Numbers in a vector.</param>
/// <param name="RowsPerSegment">Slots in a segment, a multiple of <see cref="BlockRows"/>.</param>
internal sealed record FlatLayout(int Dimensions, int RowsPerSegment)
{
    /// <summary>Slots in a block: what a search thread takes at a time, and what a commit copies of the slot map.</summary>
    public const int BlockRows = 512;

    /// <summary>Numbers in a row: the vector and zeros up to 64 bytes, so that the kernels need no remainder.</summary>
    public int RowFloats => (Dimensions + DotKernel.Step - 1) / DotKernel.Step * DotKernel.Step;

    public int RowBytes => RowFloats * sizeof(float);

    public long SegmentBytes => (long)RowsPerSegment * RowBytes;

    public static FlatLayout Create(int dimensions, int segmentBytes)
    {
        var one = new FlatLayout(dimensions, BlockRows);
        var blocks = Math.Max(1, segmentBytes / one.SegmentBytes);
        return one with { RowsPerSegment = (int)blocks * BlockRows };
    }
}
