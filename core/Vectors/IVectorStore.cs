namespace Quiver.Core.Vectors;

/// <summary>
/// Where points live. Thread-safe. Every operation on points takes the tenant's scope, and no operation reaches outside of it. A task that
/// completed means that the effect is durable. Errors are Quiver's, already classified. A physical collection that is missing has no
/// points: reads find nothing in it and deletions have nothing to do, so that what was lost can be compared with the ledger and deleted.
/// </summary>
public interface IVectorStore
{
    /// <summary>What the store is; asks it, so that an answer means that it can be reached.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="TransientException">It cannot be reached.</exception>
    Task<VectorStoreInfo> DescribeAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Names the process that answers for the points, so that another name later says that it was started anew meanwhile: then the last
    /// writes and deletions that it had acknowledged may be lost, whatever was promised. Null where nothing of the kind can happen, or
    /// the store does not tell.
    /// </summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="TransientException">It cannot be reached.</exception>
    /// <exception cref="PermanentException">It refuses to tell: a key may be allowed to do everything with points and nothing else.</exception>
    Task<string?> FindInstanceAsync(CancellationToken cancellationToken = default);

    /// <summary>Creates a physical collection when missing, with its payload indexes; compares one that exists with what it must be.</summary>
    /// <param name="physicalCollection">1 to 128 characters, <c>A–Z a–z 0–9 . _ -</c>.</param>
    /// <param name="spec">What it must be.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="ConflictException">
    /// With <see cref="ErrorCodes.DimensionMismatch"/> and both numbers, <see cref="ErrorCodes.ModelMismatch"/> and both models where the
    /// store keeps them, or <see cref="ErrorCodes.SettingsConflict"/> and the difference.
    /// </exception>
    /// <exception cref="InvalidRequestException">With <see cref="ErrorCodes.NotSupported"/>: the store cannot do what a setting asks for.</exception>
    Task EnsureCollectionAsync(string physicalCollection, PhysicalCollectionSpec spec, CancellationToken cancellationToken = default);

    /// <summary>Changes how a physical collection is stored.</summary>
    /// <param name="physicalCollection">The physical collection.</param>
    /// <param name="changes">What changes; null members stay as they are.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="ConflictException">With <see cref="ErrorCodes.SettingsConflict"/>: a setting is fixed at the creation; nothing was changed.</exception>
    /// <exception cref="InvalidRequestException">With <see cref="ErrorCodes.NotSupported"/>: the store cannot do what a setting asks for.</exception>
    /// <exception cref="PermanentException">The collection is missing.</exception>
    Task ChangeCollectionAsync(string physicalCollection, StorageSettings changes, CancellationToken cancellationToken = default);

    /// <summary>Deletes a physical collection with everything in it; a missing one changes nothing.</summary>
    /// <param name="physicalCollection">The physical collection.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    Task DropCollectionAsync(string physicalCollection, CancellationToken cancellationToken = default);

    /// <summary>
    /// Stores points; the same id again replaces the point, unless the stored one has a higher (generation, epoch). All points of one call
    /// become visible together or not at all where the store can do that. Ids come from <see cref="PointId"/>, so that no two scopes share
    /// one; a point that another scope holds under an id is never overwritten, whatever the store makes of the new one.
    /// </summary>
    /// <param name="physicalCollection">The physical collection.</param>
    /// <param name="scope">Whose points; must equal each payload's scope.</param>
    /// <param name="points">At most 256.</param>
    /// <param name="cancellationToken">Gives up waiting; the points may be stored all the same.</param>
    /// <exception cref="PermanentException">The collection is missing, or the dimensions differ.</exception>
    /// <exception cref="InvalidDocumentException">One of the points is too large for the store; some of the others may be stored.</exception>
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

    /// <summary>Deletes points by id, but only those that were stored before a time.</summary>
    /// <param name="physicalCollection">The physical collection.</param>
    /// <param name="scope">Whose points.</param>
    /// <param name="ids">At most 1,000.</param>
    /// <param name="before">Exclusive.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>Points deleted.</returns>
    Task<long> DeleteIndexedBeforeAsync(string physicalCollection, CollectionKey scope, IReadOnlyList<Guid> ids, DateTimeOffset before, CancellationToken cancellationToken = default);

    /// <summary>Deletes some points of a scope, whichever come first: one bounded step towards deleting all of them.</summary>
    /// <param name="physicalCollection">The physical collection.</param>
    /// <param name="scope">Whose points.</param>
    /// <param name="limit">1 to 1,000.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>Points deleted; 0 when none is left.</returns>
    Task<long> DeleteSomeAsync(string physicalCollection, CollectionKey scope, int limit, CancellationToken cancellationToken = default);

    /// <summary>The nearest points, best first; equal scores by id. Which points of the lowest score there is room for is the store's choice.</summary>
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

    /// <summary>Points that were stored before a time, by ascending id and without vectors.</summary>
    /// <param name="physicalCollection">The physical collection.</param>
    /// <param name="scope">Whose points.</param>
    /// <param name="before">Exclusive.</param>
    /// <param name="after">The last id of the page before; null for the first.</param>
    /// <param name="limit">1 to 1,000.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<IReadOnlyList<StoredPoint>> FindIndexedBeforeAsync(string physicalCollection, CollectionKey scope, DateTimeOffset before, Guid? after, int limit, CancellationToken cancellationToken = default);

    /// <summary>Which of these ids exist in the scope.</summary>
    /// <param name="physicalCollection">The physical collection.</param>
    /// <param name="scope">Whose points.</param>
    /// <param name="ids">At most 1,000.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<IReadOnlySet<Guid>> FindExistingAsync(string physicalCollection, CollectionKey scope, IReadOnlyList<Guid> ids, CancellationToken cancellationToken = default);

    /// <summary>Which of these ids exist in the scope as they were written in a generation or a later one.</summary>
    /// <param name="physicalCollection">The physical collection.</param>
    /// <param name="scope">Whose points.</param>
    /// <param name="ids">At most 1,000.</param>
    /// <param name="fromGeneration">Inclusive.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<IReadOnlySet<Guid>> FindWrittenAsync(string physicalCollection, CollectionKey scope, IReadOnlyList<Guid> ids, long fromGeneration, CancellationToken cancellationToken = default);

    /// <summary>Points in the scope.</summary>
    /// <param name="physicalCollection">The physical collection.</param>
    /// <param name="scope">Whose points.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<long> CountAsync(string physicalCollection, CollectionKey scope, CancellationToken cancellationToken = default);

    /// <summary>
    /// How many points of the scope have each value of a field: most points first, then by value (ordinal). Exact. Values are text, numbers
    /// in decimal digits; a field with several values counts for each; a point without the field for none. Which values of the lowest
    /// number there is room for is the store's choice.
    /// </summary>
    /// <param name="physicalCollection">The physical collection.</param>
    /// <param name="scope">Whose points.</param>
    /// <param name="request">The field, the most values, and which points count.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="InvalidRequestException">
    /// With <see cref="ErrorCodes.InvalidOption"/>: the limit is out of range or the field empty. With <see cref="ErrorCodes.NotSupported"/>:
    /// the field is Quiver's own and not one to count by, or one that this store has no index for and needs one.
    /// </exception>
    Task<IReadOnlyList<FacetValue>> FacetAsync(string physicalCollection, CollectionKey scope, FacetRequest request, CancellationToken cancellationToken = default);
}
