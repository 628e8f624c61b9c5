using Quiver.Core.Consistency;
using Quiver.Core.Search;

namespace Quiver.Core.Collections;

/// <summary>Reads collections. Thread-safe.</summary>
/// <param name="bindings">Where the points of each are.</param>
/// <param name="search">Gives what answers questions, and alone needs models.</param>
/// <param name="facets">Counts.</param>
/// <param name="export">Reads points.</param>
/// <param name="verifier">Compares ledger and store.</param>
public sealed class CollectionReader(ICollectionBindings bindings, Func<CollectionSearch> search, CollectionFacets facets, CollectionExport export, CollectionVerifier verifier)
{
    /// <summary>The nearest chunks; see <see cref="CollectionSearch"/>.</summary>
    public async Task<ImmutableArray<SearchHit>> SearchAsync(CollectionKey collection, SearchRequest request, CancellationToken cancellationToken = default)
    {
        var binding = await bindings.GetAsync(collection, cancellationToken);
        return await search().SearchAsync(binding, request, cancellationToken);
    }

    /// <summary>How many points have each value of a field; see <see cref="CollectionFacets"/>.</summary>
    /// <param name="collection">The collection.</param>
    /// <param name="request">The field, and which points count.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<ImmutableArray<FacetValue>> FacetAsync(CollectionKey collection, FacetRequest request, CancellationToken cancellationToken = default) =>
        await facets.CountAsync(await bindings.GetAsync(collection, cancellationToken), request, cancellationToken);

    /// <summary>A page of points; see <see cref="CollectionExport"/>.</summary>
    /// <param name="collection">The collection.</param>
    /// <param name="after">The page before's <see cref="Page{T}.Next"/>.</param>
    /// <param name="limit">1 to 1,000.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<Page<ExportedPoint>> ExportAsync(CollectionKey collection, string? after, int limit, CancellationToken cancellationToken = default) =>
        await export.ReadAsync(await bindings.GetAsync(collection, cancellationToken), after, limit, cancellationToken);

    /// <summary>A page of a comparison; see <see cref="CollectionVerifier"/>.</summary>
    /// <param name="collection">The collection.</param>
    /// <param name="after">The page before's <see cref="VerifyReport.Next"/>.</param>
    /// <param name="repair">Whether to repair the difference.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<VerifyReport> VerifyAsync(CollectionKey collection, string? after, bool repair, CancellationToken cancellationToken = default) =>
        await verifier.VerifyAsync(await bindings.GetAsync(collection, cancellationToken), after, repair, cancellationToken);
}

/// <summary>Where collections' points are, and which model made them. Thread-safe.</summary>
public interface ICollectionBindings
{
    /// <summary>A collection's binding.</summary>
    /// <exception cref="NotFoundException">With <see cref="ErrorCodes.UnknownCollection"/>.</exception>
    Task<CollectionBinding> GetAsync(CollectionKey collection, CancellationToken cancellationToken = default);
}
