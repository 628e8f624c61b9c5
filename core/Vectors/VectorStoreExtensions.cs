namespace Quiver.Core.Vectors;

/// <summary>What follows from the port's operations in every store.</summary>
public static class VectorStoreExtensions
{
    private const int Step = 1000;

    /// <summary>Creates a physical collection with default settings when missing.</summary>
    /// <param name="store">The store.</param>
    /// <param name="physicalCollection">The physical collection.</param>
    /// <param name="dimensions">1 to 65,536.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="ConflictException">With <see cref="ErrorCodes.DimensionMismatch"/> and both numbers.</exception>
    public static Task EnsureCollectionAsync(this IVectorStore store, string physicalCollection, int dimensions, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        return store.EnsureCollectionAsync(physicalCollection, new PhysicalCollectionSpec { Dimensions = dimensions }, cancellationToken);
    }

    /// <summary>Deletes all points of a scope, in bounded steps. Takes as long as it takes: nothing for a call that somebody waits for.</summary>
    /// <param name="store">The store.</param>
    /// <param name="physicalCollection">The physical collection.</param>
    /// <param name="scope">Whose points.</param>
    /// <param name="cancellationToken">Stops between steps.</param>
    /// <returns>Points deleted.</returns>
    public static async Task<long> DeleteAllAsync(this IVectorStore store, string physicalCollection, CollectionKey scope, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        var total = 0L;
        while (await store.DeleteSomeAsync(physicalCollection, scope, Step, cancellationToken) is > 0 and var step)
        {
            total += step;
        }

        return total;
    }
}
