namespace Quiver.Adapters.Vectors.Embedded;

/// <summary>
/// One block for all that are full of one scope's points, which most are: the map of a large collection then takes next to no memory for
/// each point. For one thread.
/// </summary>
internal sealed class SharedBlocks
{
    private readonly Dictionary<int, int[]> _full = [];

    /// <summary>The block to keep in the place of one that will not be written again; a shared one must be copied before it is.</summary>
    public int[] Share(int[] block)
    {
        var scope = block[0];
        if (scope == 0 || block.AsSpan().ContainsAnyExcept(scope))
        {
            return block;
        }

        if (!_full.TryGetValue(scope, out var full))
        {
            _full.Add(scope, full = block);
        }

        return full;
    }
}
