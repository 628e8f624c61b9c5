namespace Quiver.Core.Ledger;

/// <summary>
/// Per document what was stored for it. The order of use around a store makes crashes harmless: <see cref="BeginAsync"/> before points
/// are written, <see cref="CommitAsync"/> after they are acknowledged; a document in between is known to be unfinished. Writes of a lower
/// (generation, epoch) than the row's change nothing.
/// </summary>
public interface IDocumentLedger
{
    /// <summary>Looks documents up.</summary>
    /// <param name="scope">The tenant's collection.</param>
    /// <param name="ids">At most 1,000.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The known ones, by id.</returns>
    Task<IReadOnlyDictionary<string, DocumentRecord>> FindAsync(CollectionKey scope, IReadOnlyList<string> ids, CancellationToken cancellationToken = default);

    /// <summary>Marks documents as being stored: clears the hash and raises the chunk count to the larger of the old and the given one.</summary>
    /// <param name="scope">The tenant's collection.</param>
    /// <param name="documents">At most 1,000.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The ids of documents that a higher (generation, epoch) has taken; they must not be written.</returns>
    Task<IReadOnlySet<string>> BeginAsync(CollectionKey scope, IReadOnlyList<DocumentRecord> documents, CancellationToken cancellationToken = default);

    /// <summary>Records documents as stored, with hash and exact chunk count.</summary>
    /// <param name="scope">The tenant's collection.</param>
    /// <param name="documents">At most 1,000.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task CommitAsync(CollectionKey scope, IReadOnlyList<DocumentRecord> documents, CancellationToken cancellationToken = default);

    /// <summary>
    /// Notes that a source still has documents: raises their generation. A row whose generation rises has epoch 0 from then on, so that
    /// every activation of the job that touched it may still write it.
    /// </summary>
    /// <param name="scope">The tenant's collection.</param>
    /// <param name="ids">At most 1,000.</param>
    /// <param name="generation">The job's generation.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task TouchAsync(CollectionKey scope, IReadOnlyList<string> ids, long generation, CancellationToken cancellationToken = default);

    /// <summary>
    /// Takes documents of an origin that were last seen before a generation, by id: clears their hashes in the same step that finds them,
    /// so that nobody takes them for stored while their points are deleted. <see cref="DeleteStaleAsync"/> ends what this begins; until
    /// then the same documents are given again.
    /// </summary>
    /// <param name="scope">The tenant's collection.</param>
    /// <param name="origin">The origin.</param>
    /// <param name="beforeGeneration">Exclusive.</param>
    /// <param name="limit">1 to 1,000.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>As they are now, without hashes.</returns>
    Task<IReadOnlyList<DocumentRecord>> ClaimStaleAsync(CollectionKey scope, string origin, long beforeGeneration, int limit, CancellationToken cancellationToken = default);

    /// <summary>All documents by id.</summary>
    /// <param name="scope">The tenant's collection.</param>
    /// <param name="after">The last id of the page before; null for the first.</param>
    /// <param name="limit">1 to 1,000.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<IReadOnlyList<DocumentRecord>> ListAsync(CollectionKey scope, string? after, int limit, CancellationToken cancellationToken = default);

    /// <summary>Clears documents' hashes, so that the next job stores them again.</summary>
    /// <param name="scope">The tenant's collection.</param>
    /// <param name="ids">At most 1,000.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task InvalidateAsync(CollectionKey scope, IReadOnlyList<string> ids, CancellationToken cancellationToken = default);

    /// <summary>Forgets documents.</summary>
    /// <param name="scope">The tenant's collection.</param>
    /// <param name="ids">At most 1,000.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task DeleteAsync(CollectionKey scope, IReadOnlyList<string> ids, CancellationToken cancellationToken = default);

    /// <summary>Forgets those of these documents that still have no hash and were last seen before a generation: others were stored again meanwhile.</summary>
    /// <param name="scope">The tenant's collection.</param>
    /// <param name="ids">At most 1,000.</param>
    /// <param name="beforeGeneration">Exclusive.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Documents forgotten.</returns>
    Task<long> DeleteStaleAsync(CollectionKey scope, IReadOnlyList<string> ids, long beforeGeneration, CancellationToken cancellationToken = default);

    /// <summary>Forgets all documents of a collection, in bounded steps.</summary>
    Task DeleteAllAsync(CollectionKey scope, CancellationToken cancellationToken = default);

    /// <summary>Counts a collection's documents.</summary>
    Task<DocumentTotals> CountAsync(CollectionKey scope, CancellationToken cancellationToken = default);

    /// <summary>The highest generation of a collection's documents; 0 for none.</summary>
    Task<long> FindNewestGenerationAsync(CollectionKey scope, CancellationToken cancellationToken = default);
}
