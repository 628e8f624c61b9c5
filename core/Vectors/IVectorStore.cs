namespace Quiver.Core.Vectors;

/// <summary>
/// Stores points. Thread-safe. An operation touches only the points of its <see cref="PointScope"/>. A completed task means that the effect is
/// durable. Errors are classified <see cref="QuiverException"/>s. A missing physical collection has no points: reads return nothing and
/// deletions do nothing, so that lost points can be compared with the ledger. Upserts into it fail.
/// </summary>
public interface IVectorStore
{
    /// <summary>Describes the store. Always sends a request, so that an answer proves that the store is reachable.</summary>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <exception cref="TransientException">The store cannot be reached.</exception>
    Task<VectorStoreInfo> DescribeAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Identifies the running store process. A changed id means that the process restarted; the last writes and deletions that it had
    /// acknowledged may then be lost. Null where a restart loses nothing, or the store has no such id.
    /// </summary>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <exception cref="TransientException">The store cannot be reached.</exception>
    /// <exception cref="PermanentException">The API key may not read this: a key can be limited to points.</exception>
    Task<string?> FindInstanceAsync(CancellationToken cancellationToken = default);

    /// <summary>Creates a physical collection and its payload indexes when missing; compares an existing one with its specification.</summary>
    /// <param name="physicalCollection">1 to 128 characters, <c>A–Z a–z 0–9 . _ -</c>.</param>
    /// <param name="spec">The required dimensions, model and storage settings.</param>
    /// <param name="cancellationToken">Cancels waiting.</param>
    /// <exception cref="ConflictException">
    /// With <see cref="ErrorCodes.DimensionMismatch"/> and both numbers, <see cref="ErrorCodes.ModelMismatch"/> and both models where the
    /// store keeps them, or <see cref="ErrorCodes.SettingsConflict"/> and the difference.
    /// </exception>
    /// <exception cref="InvalidRequestException">With <see cref="ErrorCodes.NotSupported"/>: the store does not support a setting.</exception>
    Task EnsureCollectionAsync(string physicalCollection, PhysicalCollectionSpec spec, CancellationToken cancellationToken = default);

    /// <summary>Changes the storage settings of a physical collection.</summary>
    /// <param name="physicalCollection">The physical collection.</param>
    /// <param name="changes">The new values; null members stay unchanged.</param>
    /// <param name="cancellationToken">Cancels waiting.</param>
    /// <exception cref="ConflictException">With <see cref="ErrorCodes.SettingsConflict"/>: a setting is fixed at creation; nothing was changed.</exception>
    /// <exception cref="InvalidRequestException">With <see cref="ErrorCodes.NotSupported"/>: the store does not support a setting.</exception>
    /// <exception cref="PermanentException">The collection is missing.</exception>
    Task ChangeCollectionAsync(string physicalCollection, StorageSettings changes, CancellationToken cancellationToken = default);

    /// <summary>Deletes a physical collection with all its points; does nothing when it is missing.</summary>
    /// <param name="physicalCollection">The physical collection.</param>
    /// <param name="cancellationToken">Cancels waiting.</param>
    Task DropCollectionAsync(string physicalCollection, CancellationToken cancellationToken = default);

    /// <summary>How far a physical collection is indexed; null when it is missing, or the store has no index of its own.</summary>
    /// <param name="physicalCollection">The physical collection.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    Task<IndexStatus?> FindIndexStatusAsync(string physicalCollection, CancellationToken cancellationToken = default) => Task.FromResult<IndexStatus?>(null);

    /// <summary>
    /// Writes points; a point with the same id is replaced unless its (generation, epoch) is higher. The points of one call become visible
    /// together where the store supports it. Ids come from <see cref="PointId"/>, so scopes never share one; a point of another scope under
    /// the same id is never overwritten.
    /// </summary>
    /// <param name="scope">The points' scope; must equal each payload's scope.</param>
    /// <param name="points">At most 256.</param>
    /// <param name="cancellationToken">Cancels waiting; the points may still be stored.</param>
    /// <exception cref="PermanentException">The collection is missing, or the dimensions differ.</exception>
    /// <exception cref="InvalidDocumentException">A point is too large for the store; some of the others may be stored.</exception>
    Task<UpsertOutcome> UpsertAsync(PointScope scope, IReadOnlyList<VectorPoint> points, CancellationToken cancellationToken = default);

    /// <summary>Deletes points by id; ids that do not exist in the scope are ignored.</summary>
    /// <param name="scope">The points' scope.</param>
    /// <param name="ids">At most 1,000.</param>
    /// <param name="cancellationToken">Cancels waiting.</param>
    /// <returns>Points deleted.</returns>
    Task<long> DeleteAsync(PointScope scope, IReadOnlyList<Guid> ids, CancellationToken cancellationToken = default);

    /// <summary>Deletes points by id that an earlier generation wrote; points of newer jobs stay.</summary>
    /// <param name="scope">The points' scope.</param>
    /// <param name="ids">At most 1,000.</param>
    /// <param name="beforeGeneration">Exclusive.</param>
    /// <param name="cancellationToken">Cancels waiting.</param>
    /// <returns>Points deleted.</returns>
    Task<long> DeleteOlderAsync(PointScope scope, IReadOnlyList<Guid> ids, long beforeGeneration, CancellationToken cancellationToken = default);

    /// <summary>Deletes points by id that were written before a time.</summary>
    /// <param name="scope">The points' scope.</param>
    /// <param name="ids">At most 1,000.</param>
    /// <param name="before">Exclusive.</param>
    /// <param name="cancellationToken">Cancels waiting.</param>
    /// <returns>Points deleted.</returns>
    Task<long> DeleteIndexedBeforeAsync(PointScope scope, IReadOnlyList<Guid> ids, DateTimeOffset before, CancellationToken cancellationToken = default);

    /// <summary>Deletes up to <paramref name="limit"/> points of a scope in any order: one bounded step of deleting all.</summary>
    /// <param name="scope">The points' scope.</param>
    /// <param name="limit">1 to 1,000.</param>
    /// <param name="cancellationToken">Cancels waiting.</param>
    /// <returns>Points deleted; 0 when none is left.</returns>
    Task<long> DeleteSomeAsync(PointScope scope, int limit, CancellationToken cancellationToken = default);

    /// <summary>Finds the nearest points, best first; equal scores by id. When the limit cuts equal scores, the store chooses which points remain.</summary>
    /// <param name="scope">The points' scope.</param>
    /// <param name="query">The vector, the limit and the filters.</param>
    /// <param name="cancellationToken">Cancels the query.</param>
    Task<IReadOnlyList<StoredPoint>> QueryAsync(PointScope scope, PointQuery query, CancellationToken cancellationToken = default);

    /// <summary>Reads a page of points by ascending id (big-endian bytes of the UUID).</summary>
    /// <param name="scope">The points' scope.</param>
    /// <param name="after">The last id of the previous page; null for the first page.</param>
    /// <param name="limit">1 to 1,000.</param>
    /// <param name="withVectors">Whether to read vectors.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    Task<IReadOnlyList<StoredPoint>> ScrollAsync(PointScope scope, Guid? after, int limit, bool withVectors, CancellationToken cancellationToken = default);

    /// <summary>Reads a page of points that were written before a time, by ascending id and without vectors.</summary>
    /// <param name="scope">The points' scope.</param>
    /// <param name="before">Exclusive.</param>
    /// <param name="after">The last id of the previous page; null for the first page.</param>
    /// <param name="limit">1 to 1,000.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    Task<IReadOnlyList<StoredPoint>> FindIndexedBeforeAsync(
        PointScope scope, DateTimeOffset before, Guid? after, int limit, CancellationToken cancellationToken = default);

    /// <summary>Returns those of the ids that exist in the scope.</summary>
    /// <param name="scope">The points' scope.</param>
    /// <param name="ids">At most 1,000.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    Task<IReadOnlySet<Guid>> FindExistingAsync(PointScope scope, IReadOnlyList<Guid> ids, CancellationToken cancellationToken = default);

    /// <summary>Returns those of the ids that exist in the scope and were written by a generation or a later one.</summary>
    /// <param name="scope">The points' scope.</param>
    /// <param name="ids">At most 1,000.</param>
    /// <param name="fromGeneration">Inclusive.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    Task<IReadOnlySet<Guid>> FindWrittenAsync(PointScope scope, IReadOnlyList<Guid> ids, long fromGeneration, CancellationToken cancellationToken = default);

    /// <summary>Counts the points of the scope.</summary>
    /// <param name="scope">The points' scope.</param>
    /// <param name="cancellationToken">Cancels the count.</param>
    Task<long> CountAsync(PointScope scope, CancellationToken cancellationToken = default);

    /// <summary>
    /// Counts the points of the scope by the values of a field: most points first, then by value (ordinal). Exact. Numbers are returned in
    /// decimal digits. A field with several values counts for each; points without the field are not counted. When the limit cuts equal
    /// counts, the store chooses which values remain.
    /// </summary>
    /// <param name="scope">The points' scope.</param>
    /// <param name="request">The field, the maximum number of values, and the filters.</param>
    /// <param name="cancellationToken">Cancels the count.</param>
    /// <exception cref="InvalidRequestException">
    /// With <see cref="ErrorCodes.InvalidOption"/>: the limit is out of range or the field is empty. With <see cref="ErrorCodes.NotSupported"/>:
    /// points cannot be counted by this reserved field, or the store needs an index for it and has none.
    /// </exception>
    Task<IReadOnlyList<FacetValue>> FacetAsync(PointScope scope, FacetRequest request, CancellationToken cancellationToken = default);
}

/// <summary>What a vector store is and supports.</summary>
/// <param name="Name">Such as <c>embedded</c> or <c>qdrant</c>.</param>
/// <param name="Version">Its version, for display.</param>
/// <param name="FencesWrites">
/// Whether the store compares (generation, epoch) atomically with the write. Otherwise Quiver reads first, and of two concurrent writes both
/// may pass.
/// </param>
public sealed record VectorStoreInfo(string Name, string Version, bool FencesWrites);

/// <summary>Operations that every store has by way of <see cref="IVectorStore"/>.</summary>
public static class VectorStoreExtensions
{
    /// <summary>Scopes of collections.</summary>
    /// <param name="binding">The collection.</param>
    extension(CollectionBinding binding)
    {
        /// <summary>The scope of the collection's points.</summary>
        public PointScope PointScope => new(binding.PhysicalCollection, binding.Key);
    }

    /// <summary>Creates a physical collection with default settings when missing.</summary>
    /// <param name="store">The store.</param>
    /// <param name="physicalCollection">The physical collection.</param>
    /// <param name="dimensions">1 to 65,536.</param>
    /// <param name="cancellationToken">Cancels waiting.</param>
    /// <exception cref="ConflictException">With <see cref="ErrorCodes.DimensionMismatch"/> and both numbers.</exception>
    public static Task EnsureCollectionAsync(this IVectorStore store, string physicalCollection, int dimensions, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        return store.EnsureCollectionAsync(physicalCollection, new PhysicalCollectionSpec { Dimensions = dimensions }, cancellationToken);
    }

    /// <summary>Deletes all points of a scope in steps of 1,000. The duration is unbounded.</summary>
    /// <param name="store">The store.</param>
    /// <param name="scope">The points' scope.</param>
    /// <param name="cancellationToken">Stops between steps.</param>
    /// <returns>Points deleted.</returns>
    public static async Task<long> DeleteAllAsync(this IVectorStore store, PointScope scope, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        var total = 0L;
        while (await store.DeleteSomeAsync(scope, VectorStoreValidator.MaxLimit, cancellationToken) is > 0 and var step)
        {
            total += step;
        }

        return total;
    }
}
