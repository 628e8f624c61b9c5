
using Quiver.Core.Collections;

namespace Quiver.Grains.Collections;

/// <summary>Asks the collection's grain.</summary>
internal sealed class GrainCollectionBindings(IGrainFactory grains) : ICollectionBindings
{
    public Task<CollectionBinding> GetAsync(CollectionKey collection, CancellationToken cancellationToken = default) =>
        grains.GetGrain<ICollectionGrain>(collection.ToString()).GetBindingAsync(cancellationToken);
}
