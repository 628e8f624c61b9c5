using Orleans.Concurrency;
using Quiver.Pipeline.Collections;

namespace Quiver.Grains.Collections;

/// <summary>Reads a collection.</summary>
[StatelessWorker(8)]
internal sealed class CollectionQueryGrain(CollectionSearch search, CollectionFacets facets, CollectionExport export, CollectionVerifier verifier) : Grain, ICollectionQueryGrain
{
    public async Task<ImmutableArray<SearchHit>> SearchAsync(SearchRequest request, CancellationToken cancellationToken = default) =>
        await search.SearchAsync(await GetBindingAsync(cancellationToken), request, cancellationToken);

    public async Task<ImmutableArray<FacetValue>> FacetAsync(FacetRequest request, CancellationToken cancellationToken = default) =>
        await facets.CountAsync(await GetBindingAsync(cancellationToken), request, cancellationToken);

    public async Task<Page<ExportedPoint>> ExportAsync(string? after, int limit, CancellationToken cancellationToken = default) =>
        await export.ReadAsync(await GetBindingAsync(cancellationToken), after, limit, cancellationToken);

    public async Task<VerifyReport> VerifyAsync(string? after, bool repair, CancellationToken cancellationToken = default) =>
        await verifier.VerifyAsync(await GetBindingAsync(cancellationToken), after, repair, cancellationToken);

    private Task<CollectionBinding> GetBindingAsync(CancellationToken cancellationToken) =>
        GrainFactory.GetGrain<ICollectionGrain>(this.GetPrimaryKeyString()).GetBindingAsync(cancellationToken);
}
