using Orleans.Concurrency;
using Quiver.Core.Collections;
using Quiver.Core.Consistency;
using Quiver.Core.Search;

namespace Quiver.Grains.Collections;

/// <summary>Reads a collection.</summary>
[StatelessWorker(8)]
internal sealed class CollectionQueryGrain(
    CollectionSearch search, CollectionFacets facets, CollectionExport export, CollectionVerifier verifier, CollectionChunks chunks)
    : Grain, ICollectionQueryGrain
{
    private CollectionKey Key => CollectionKey.Parse(this.GetPrimaryKeyString());

    private CollectionReader Reader => new(new GrainCollectionBindings(GrainFactory), () => search, facets, export, verifier, chunks);

    public Task<SearchResult> SearchAsync(SearchRequest request, CancellationToken cancellationToken = default) =>
        Reader.SearchAsync(Key, request, cancellationToken);

    public Task<ImmutableArray<FacetValue>> FacetAsync(FacetRequest request, CancellationToken cancellationToken = default) =>
        Reader.FacetAsync(Key, request, cancellationToken);

    public Task<Page<ExportedPoint>> ExportAsync(string? after, int limit, CancellationToken cancellationToken = default) =>
        Reader.ExportAsync(Key, after, limit, cancellationToken);

    public Task<Page<DocumentChunk>> ReadChunksAsync(string document, string? after, int limit, CancellationToken cancellationToken = default) =>
        Reader.ReadChunksAsync(Key, document, after, limit, cancellationToken);

    public Task<VerifyReport> VerifyAsync(string? after, bool repair, CancellationToken cancellationToken = default) =>
        Reader.VerifyAsync(Key, after, repair, cancellationToken);
}

/// <summary>Reads bindings from the collections' grains.</summary>
internal sealed class GrainCollectionBindings(IGrainFactory grains) : ICollectionBindings
{
    public Task<CollectionBinding> GetAsync(CollectionKey collection, CancellationToken cancellationToken = default) =>
        grains.GetGrain<ICollectionGrain>(collection.ToString()).GetBindingAsync(cancellationToken);
}
