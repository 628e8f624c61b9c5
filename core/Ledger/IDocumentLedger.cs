namespace Quiver.Core.Ledger;

/// <summary>
/// Tracks per document what was stored for it. The order of calls makes crashes harmless: <see cref="BeginAsync"/> before points
/// are written, <see cref="CommitAsync"/> after they are acknowledged; a document in between is known to be unfinished. Writes of a lower
/// (generation, epoch) than the row's change nothing.
/// </summary>
public interface IDocumentLedger
{
    /// <summary>Finds documents.</summary>
    /// <param name="scope">The tenant's collection.</param>
    /// <param name="ids">At most 1,000.</param>
    /// <param name="cancellationToken">Stops the request.</param>
    /// <returns>The known documents, by id.</returns>
    Task<IReadOnlyDictionary<string, DocumentRecord>> FindAsync(CollectionKey scope, IReadOnlyList<string> ids, CancellationToken cancellationToken = default);

    /// <summary>Marks documents as being stored: clears the hash and raises the chunk count to the larger of the old and the given one.</summary>
    /// <param name="scope">The tenant's collection.</param>
    /// <param name="documents">At most 1,000.</param>
    /// <param name="cancellationToken">Stops the request.</param>
    /// <returns>The ids of documents that a higher (generation, epoch) has taken; the caller must not write them.</returns>
    Task<IReadOnlySet<string>> BeginAsync(CollectionKey scope, IReadOnlyList<DocumentRecord> documents, CancellationToken cancellationToken = default);

    /// <summary>Records documents as stored, with hash and exact chunk count.</summary>
    /// <param name="scope">The tenant's collection.</param>
    /// <param name="documents">At most 1,000.</param>
    /// <param name="cancellationToken">Stops the request.</param>
    Task CommitAsync(CollectionKey scope, IReadOnlyList<DocumentRecord> documents, CancellationToken cancellationToken = default);

    /// <summary>
    /// Records that a source still has documents: raises their generation. A row whose generation rises gets epoch 0, so
    /// every activation of the job that touched it may still write it.
    /// </summary>
    /// <param name="scope">The tenant's collection.</param>
    /// <param name="ids">At most 1,000.</param>
    /// <param name="generation">The job's generation.</param>
    /// <param name="cancellationToken">Stops the request.</param>
    Task TouchAsync(CollectionKey scope, IReadOnlyList<string> ids, long generation, CancellationToken cancellationToken = default);

    /// <summary>
    /// Claims documents of an origin that were last seen before a generation, by id: finds them and clears their hashes in one step,
    /// so no job takes them for stored while their points are deleted. <see cref="DeleteStaleAsync"/> completes the deletion; until
    /// then the same documents are returned again.
    /// </summary>
    /// <param name="scope">The tenant's collection.</param>
    /// <param name="origin">The origin.</param>
    /// <param name="beforeGeneration">Exclusive.</param>
    /// <param name="limit">1 to 1,000.</param>
    /// <param name="cancellationToken">Stops the request.</param>
    /// <returns>The claimed rows, without hashes.</returns>
    Task<IReadOnlyList<DocumentRecord>> ClaimStaleAsync(
        CollectionKey scope, string origin, long beforeGeneration, int limit, CancellationToken cancellationToken = default);

    /// <summary>Returns a page of documents, ordered by id.</summary>
    /// <param name="scope">The tenant's collection.</param>
    /// <param name="after">The last id of the previous page; null for the first.</param>
    /// <param name="limit">1 to 1,000.</param>
    /// <param name="cancellationToken">Stops the request.</param>
    Task<IReadOnlyList<DocumentRecord>> ListAsync(CollectionKey scope, string? after, int limit, CancellationToken cancellationToken = default);

    /// <summary>Clears documents' hashes: the next job stores them again.</summary>
    /// <param name="scope">The tenant's collection.</param>
    /// <param name="ids">At most 1,000.</param>
    /// <param name="cancellationToken">Stops the request.</param>
    Task InvalidateAsync(CollectionKey scope, IReadOnlyList<string> ids, CancellationToken cancellationToken = default);

    /// <summary>Deletes document rows.</summary>
    /// <param name="scope">The tenant's collection.</param>
    /// <param name="ids">At most 1,000.</param>
    /// <param name="cancellationToken">Stops the request.</param>
    Task DeleteAsync(CollectionKey scope, IReadOnlyList<string> ids, CancellationToken cancellationToken = default);

    /// <summary>
    /// Deletes those of the given rows that have no hash and were last seen before a generation; the others were stored again meanwhile.
    /// </summary>
    /// <param name="scope">The tenant's collection.</param>
    /// <param name="ids">At most 1,000.</param>
    /// <param name="beforeGeneration">Exclusive.</param>
    /// <param name="cancellationToken">Stops the request.</param>
    /// <returns>Rows deleted.</returns>
    Task<long> DeleteStaleAsync(CollectionKey scope, IReadOnlyList<string> ids, long beforeGeneration, CancellationToken cancellationToken = default);

    /// <summary>Deletes all rows of a collection, in bounded steps.</summary>
    Task DeleteAllAsync(CollectionKey scope, CancellationToken cancellationToken = default);

    /// <summary>Counts a collection's documents.</summary>
    Task<DocumentTotals> CountAsync(CollectionKey scope, CancellationToken cancellationToken = default);

    /// <summary>Returns the highest generation of a collection's documents; 0 for none.</summary>
    Task<long> FindNewestGenerationAsync(CollectionKey scope, CancellationToken cancellationToken = default);
}
