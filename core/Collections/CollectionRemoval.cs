using Quiver.Core.Ledger;
using Quiver.Core.Vectors;

namespace Quiver.Core.Collections;

/// <summary>Deletes a collection step by step: its points, then its documents, then its entry in the ledger. Steps are safe to repeat.</summary>
internal sealed class CollectionRemoval(ILedger ledger, IVectorStore store)
{
    private const int PerStep = 1000;

    /// <summary>Runs one bounded step.</summary>
    /// <param name="binding">The collection.</param>
    /// <param name="dropsPhysical">Whether the collection is dedicated, so its physical collection is dropped.</param>
    /// <param name="cancellationToken">Stops the requests.</param>
    /// <returns>True when nothing is left.</returns>
    public async Task<bool> StepAsync(CollectionBinding binding, bool dropsPhysical, CancellationToken cancellationToken)
    {
        if (dropsPhysical)
        {
            await store.DropCollectionAsync(binding.PhysicalCollection, cancellationToken);
        }
        else if (await store.DeleteSomeAsync(binding.PointScope, PerStep, cancellationToken) > 0)
        {
            return false;
        }

        if (await ledger.ListAsync(binding.Key, after: null, PerStep, cancellationToken) is { Count: > 0 } documents)
        {
            await ledger.DeleteAsync(binding.Key, [.. documents.Select(document => document.Id)], cancellationToken);
            return false;
        }

        await ledger.DeleteCollectionAsync(binding.Key, cancellationToken);
        return true;
    }
}
