
using Quiver.Core.Vectors;

namespace Quiver.Grains.Collections;

/// <summary>
/// Makes sure that a physical collection exists, one request at a time, whoever asks. Nothing is remembered: somebody may delete the
/// collection behind our back, and once a job is not often.
/// </summary>
internal sealed class VectorCollectionGrain(IVectorStore store) : Grain, IVectorCollectionGrain
{
    private string Name => this.GetPrimaryKeyString();

    public Task EnsureAsync(PhysicalCollectionSpec spec, CancellationToken cancellationToken = default) =>
        store.EnsureCollectionAsync(Name, spec, cancellationToken);

    public Task ChangeAsync(StorageSettings changes, CancellationToken cancellationToken = default) =>
        store.ChangeCollectionAsync(Name, changes, cancellationToken);

    public Task DropAsync(CancellationToken cancellationToken = default) => store.DropCollectionAsync(Name, cancellationToken);
}
