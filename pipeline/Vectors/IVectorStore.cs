namespace Quiver.Pipeline.Vectors;

/// <summary>
/// Where points live. Thread-safe. Every operation on points takes the tenant's scope, and no operation reaches outside of it. A task that
/// completed means that the effect is durable. Errors are Quiver's, already classified. A physical collection that is missing has no
/// points: reads find nothing in it and deletions have nothing to do, so that what was lost can be compared with the ledger and deleted.
/// </summary>
public interface IVectorStore
{
    /// <summary>Creates a physical collection when missing.</summary>
    /// <param name="physicalCollection">1 to 128 characters, <c>A–Z a–z 0–9 . _ -</c>.</param>
    /// <param name="dimensions">1 to 65,536.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="ConflictException">With <see cref="ErrorCodes.DimensionMismatch"/> and both numbers.</exception>
    Task EnsureCollectionAsync(string physicalCollection, int dimensions, CancellationToken cancellationToken = default);

    /// <summary>
    /// Stores points; the same id again replaces the point, unless the stored one has a higher (generation, epoch). All points of one call
    /// become visible together or not at all where the store can do that.
    /// </summary>
    /// <param name="physicalCollection">The physical collection.</param>
    /// <param name="scope">Whose points; must equal each payload's scope.</param>
    /// <param name="points">At most 256.</param>
    /// <param name="cancellationToken">Gives up waiting; the points may be stored all the same.</param>
    /// <exception cref="PermanentException">The collection is missing, or the dimensions differ.</exception>
    Task<UpsertOutcome> UpsertAsync(string physicalCollection, CollectionKey scope, IReadOnlyList<VectorPoint> points, CancellationToken cancellationToken = default);

    /// <summary>Deletes points by id; ids that do not exist, or exist in another scope, change nothing.</summary>
    /// <param name="physicalCollection">The physical collection.</param>
    /// <param name="scope">Whose points.</param>
    /// <param name="ids">At most 1,000.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>Points deleted.</returns>
    Task<long> DeleteAsync(string physicalCollection, CollectionKey scope, IReadOnlyList<Guid> ids, CancellationToken cancellationToken = default);

    /// <summary>
    /// Deletes points by id, but only those that an earlier generation wrote: what a newer job has stored meanwhile stays, whenever it
    /// comes.
    /// </summary>
    /// <param name="physicalCollection">The physical collection.</param>
    /// <param name="scope">Whose points.</param>
    /// <param name="ids">At most 1,000.</param>
    /// <param name="beforeGeneration">Exclusive.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>Points deleted.</returns>
    Task<long> DeleteOlderAsync(string physicalCollection, CollectionKey scope, IReadOnlyList<Guid> ids, long beforeGeneration, CancellationToken cancellationToken = default);

    /// <summary>Deletes all points of a scope, in bounded steps.</summary>
    /// <param name="physicalCollection">The physical collection.</param>
    /// <param name="scope">Whose points.</param>
    /// <param name="cancellationToken">Stops between steps.</param>
    /// <returns>Points deleted.</returns>
    Task<long> DeleteAllAsync(string physicalCollection, CollectionKey scope, CancellationToken cancellationToken = default);

    /// <summary>The nearest points, best first; equal scores by id.</summary>
    /// <param name="physicalCollection">The physical collection.</param>
    /// <param name="scope">Whose points.</param>
    /// <param name="query">The question.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<IReadOnlyList<StoredPoint>> QueryAsync(string physicalCollection, CollectionKey scope, PointQuery query, CancellationToken cancellationToken = default);

    /// <summary>Points by ascending id (by the big-endian bytes of the UUID).</summary>
    /// <param name="physicalCollection">The physical collection.</param>
    /// <param name="scope">Whose points.</param>
    /// <param name="after">The last id of the page before; null for the first.</param>
    /// <param name="limit">1 to 1,000.</param>
    /// <param name="withVectors">Whether to read vectors.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<IReadOnlyList<StoredPoint>> ScrollAsync(string physicalCollection, CollectionKey scope, Guid? after, int limit, bool withVectors, CancellationToken cancellationToken = default);

    /// <summary>Which of these ids exist in the scope.</summary>
    /// <param name="physicalCollection">The physical collection.</param>
    /// <param name="scope">Whose points.</param>
    /// <param name="ids">At most 1,000.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<IReadOnlySet<Guid>> FindExistingAsync(string physicalCollection, CollectionKey scope, IReadOnlyList<Guid> ids, CancellationToken cancellationToken = default);

    /// <summary>Points in the scope.</summary>
    /// <param name="physicalCollection">The physical collection.</param>
    /// <param name="scope">Whose points.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<long> CountAsync(string physicalCollection, CollectionKey scope, CancellationToken cancellationToken = default);
}
