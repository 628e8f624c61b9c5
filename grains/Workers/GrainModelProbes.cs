using Quiver.Core.Embedding;
using Quiver.Grains.Jobs;

namespace Quiver.Grains.Workers;

/// <summary>The probes in the states of the collections' grains.</summary>
internal sealed class GrainModelProbes(IGrainFactory grains) : IModelProbes
{
    private const string Target = "The collection";

    public Task<string?> FindAsync(CollectionKey collection, CancellationToken cancellationToken = default) =>
        OrleansFaults.TranslateAsync(Target, () => Of(collection).FindProbeAsync(cancellationToken));

    public Task<string> TakeAsync(CollectionKey collection, string probe, CancellationToken cancellationToken = default) =>
        OrleansFaults.TranslateAsync(Target, () => Of(collection).TakeProbeAsync(probe, cancellationToken));

    private ICollectionGrain Of(CollectionKey collection) => grains.GetGrain<ICollectionGrain>(collection.ToString());
}
