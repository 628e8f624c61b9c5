
using Quiver.Core.Embedding;

namespace Quiver.Grains.Jobs;

/// <summary>Which model a collection is filled with.</summary>
internal static class CollectionModels
{
    /// <summary>The model that the collection is bound to; the default one for a collection that does not exist, or whose model is not there: binding then says so.</summary>
    public static async Task<(IEmbeddingModel Model, CollectionBinding? Binding)> FindAsync(
        ICollectionGrain collection, IEmbeddingModelCatalog models, CancellationToken cancellationToken)
    {
        try
        {
            var binding = await collection.GetBindingAsync(cancellationToken);
            return (models.FindModel(binding.Model) ?? models.Default.Model, binding);
        }
        catch (NotFoundException)
        {
            return (models.Default.Model, null);
        }
    }
}
