namespace Quiver.GrainInterfaces.Collections;

/// <summary>Makes sure that a physical collection and its payload indexes exist, once, whoever asks. Key: the physical collection's name.</summary>
[Alias("quiver.IVectorCollectionGrain")]
public interface IVectorCollectionGrain : IGrainWithStringKey
{
    /// <summary>Creates the physical collection when missing.</summary>
    /// <param name="dimensions">Numbers in its vectors, 1 to 65,536.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="ConflictException">With <see cref="ErrorCodes.DimensionMismatch"/> and both numbers.</exception>
    [Alias("Ensure")]
    Task EnsureAsync(int dimensions, CancellationToken cancellationToken = default);
}
