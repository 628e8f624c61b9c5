namespace Quiver.Adapters.Vectors.Embedded;

/// <summary>Which scope's point each slot held after one commit. Immutable; successive ones share the blocks that did not change.</summary>
/// <param name="Version">The commit, as the database numbers it.</param>
/// <param name="Blocks">The scope's number per slot, 0 where no point is, <see cref="FlatLayout.BlockRows"/> to a block.</param>
/// <param name="Segments">Where the vectors are.</param>
internal sealed record SlotSnapshot(long Version, int[][] Blocks, SlotSegment[] Segments)
{
    public int Capacity => Blocks.Length * FlatLayout.BlockRows;
}
