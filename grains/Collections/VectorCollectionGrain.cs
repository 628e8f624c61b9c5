using Quiver.Core.Vectors;

namespace Quiver.Grains.Collections;

/// <summary>
/// Ensures that a physical collection exists, one request at a time. Keeps no memory of it: the collection may be deleted externally, and one
/// check per job is cheap.
/// </summary>
internal sealed class VectorCollectionGrain(IVectorStore store) : Grain, IVectorCollectionGrain
{
    private string Name => this.GetPrimaryKeyString();

    public Task EnsureAsync(PhysicalCollectionSpec spec, CancellationToken cancellationToken = default) =>
        store.EnsureCollectionAsync(Name, spec, cancellationToken);

    public Task ChangeAsync(StorageSettings changes, CancellationToken cancellationToken = default) =>
        store.ChangeCollectionAsync(Name, changes, cancellationToken);
}
