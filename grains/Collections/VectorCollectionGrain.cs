using Quiver.Pipeline.Vectors;

namespace Quiver.Grains.Collections;

/// <summary>Makes sure that a physical collection exists, once, whoever asks.</summary>
internal sealed class VectorCollectionGrain(IVectorStore store) : Grain, IVectorCollectionGrain
{
    private int? _dimensions;

    public async Task EnsureAsync(int dimensions, CancellationToken cancellationToken = default)
    {
        if (_dimensions != dimensions)
        {
            await store.EnsureCollectionAsync(this.GetPrimaryKeyString(), dimensions, cancellationToken);
            _dimensions = dimensions;
        }
    }
}
