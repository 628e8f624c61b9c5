namespace Quiver.GrainInterfaces.Collections;

/// <summary>Reads a collection; stateless. Key: <see cref="CollectionKey"/>, so every query is bound to its tenant.</summary>
[Alias("quiver.ICollectionQueryGrain")]
public interface ICollectionQueryGrain : IGrainWithStringKey
{
    /// <summary>Returns the chunks that fit a text best, best first.</summary>
    /// <exception cref="NotFoundException">With <see cref="ErrorCodes.UnknownCollection"/>.</exception>
    [Alias("Search")]
    Task<SearchResult> SearchAsync(SearchRequest request, CancellationToken cancellationToken = default);

    /// <summary>Returns the most frequent values of a field with their point counts: highest count first, then by value.</summary>
    /// <param name="request">The field, and which points count.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="NotFoundException">With <see cref="ErrorCodes.UnknownCollection"/>.</exception>
    /// <exception cref="InvalidRequestException">The request is out of range, or the store cannot count by this field.</exception>
    [Alias("Facet")]
    Task<ImmutableArray<FacetValue>> FacetAsync(FacetRequest request, CancellationToken cancellationToken = default);

    /// <summary>Returns a page of points, ordered by id.</summary>
    /// <param name="after">The page before's <see cref="Page{T}.Next"/>.</param>
    /// <param name="limit">1 to 1,000.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    [Alias("Export")]
    Task<Page<ExportedPoint>> ExportAsync(string? after, int limit, CancellationToken cancellationToken = default);

    /// <summary>Returns a page of a document's stored chunks, by number.</summary>
    /// <param name="document">The document's id.</param>
    /// <param name="after">The page before's <see cref="Page{T}.Next"/>.</param>
    /// <param name="limit">1 to 1,000.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="NotFoundException">With <see cref="ErrorCodes.UnknownCollection"/> or <see cref="ErrorCodes.UnknownDocument"/>.</exception>
    [Alias("ReadChunks")]
    Task<Page<DocumentChunk>> ReadChunksAsync(string document, string? after, int limit, CancellationToken cancellationToken = default);

    /// <summary>Compares a page of the ledger with the vector store and repairs differences on request.</summary>
    /// <param name="after">The page before's <see cref="VerifyReport.Next"/>.</param>
    /// <param name="repair">Whether to repair.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    [Alias("Verify")]
    Task<VerifyReport> VerifyAsync(string? after, bool repair, CancellationToken cancellationToken = default);
}
