using Quiver.Core.Consistency;
using Quiver.Core.Search;

namespace Quiver.Core.Collections;

/// <summary>Looks up where collections' points are stored, and which model made them. Thread-safe.</summary>
public interface ICollectionBindings
{
    /// <summary>Returns a collection's binding.</summary>
    /// <exception cref="NotFoundException">With <see cref="ErrorCodes.UnknownCollection"/>.</exception>
    Task<CollectionBinding> GetAsync(CollectionKey collection, CancellationToken cancellationToken = default);
}

/// <summary>Reads collections by key: search, facets, export, verification. Thread-safe.</summary>
/// <param name="bindings">The bindings.</param>
/// <param name="search">Creates the search when first needed, because only it needs models.</param>
/// <param name="facets">The facet counts.</param>
/// <param name="export">The export.</param>
/// <param name="verifier">The verifier.</param>
/// <param name="chunks">The documents' chunks.</param>
public sealed class CollectionReader(
    ICollectionBindings bindings,
    Func<CollectionSearch> search,
    CollectionFacets facets,
    CollectionExport export,
    CollectionVerifier verifier,
    CollectionChunks chunks)
{
    /// <summary>Returns the chunks that fit a query; see <see cref="CollectionSearch.SearchAsync"/>.</summary>
    public async Task<SearchResult> SearchAsync(CollectionKey collection, SearchRequest request, CancellationToken cancellationToken = default)
    {
        var binding = await bindings.GetAsync(collection, cancellationToken);
        return await search().SearchAsync(binding, request, cancellationToken);
    }

    /// <summary>Returns the most frequent values of a field; see <see cref="CollectionFacets.CountAsync"/>.</summary>
    public async Task<ImmutableArray<FacetValue>> FacetAsync(CollectionKey collection, FacetRequest request, CancellationToken cancellationToken = default) =>
        await facets.CountAsync(await bindings.GetAsync(collection, cancellationToken), request, cancellationToken);

    /// <summary>Returns a page of points; see <see cref="CollectionExport.ReadAsync"/>.</summary>
    public async Task<Page<ExportedPoint>> ExportAsync(CollectionKey collection, string? after, int limit, CancellationToken cancellationToken = default) =>
        await export.ReadAsync(await bindings.GetAsync(collection, cancellationToken), after, limit, cancellationToken);

    /// <summary>Returns a page of a document's chunks; see <see cref="CollectionChunks.ReadAsync"/>.</summary>
    public async Task<Page<DocumentChunk>> ReadChunksAsync(
        CollectionKey collection, string document, string? after, int limit, CancellationToken cancellationToken = default) =>
        await chunks.ReadAsync(await bindings.GetAsync(collection, cancellationToken), document, after, limit, cancellationToken);

    /// <summary>Compares a page of ledger and store; see <see cref="CollectionVerifier.VerifyAsync"/>.</summary>
    public async Task<VerifyReport> VerifyAsync(CollectionKey collection, string? after, bool repair, CancellationToken cancellationToken = default) =>
        await verifier.VerifyAsync(await bindings.GetAsync(collection, cancellationToken), after, repair, cancellationToken);
}
