
using Quiver.Core.Ledger;
using Quiver.Core.Vectors;

namespace Quiver.Core.Consistency;

/// <summary>
/// Sees that all points of a collection are gone, as with a lost folder of vectors. Without that the next job would find every document
/// unchanged in the ledger, and end well with nothing in the store. Points that are lost in part are for <see cref="CollectionVerifier"/>.
/// </summary>
internal sealed class LostPoints(IDocumentLedger ledger, IVectorStore store)
{
    private const int DocumentsPerStep = 1000;

    /// <summary>Marks a collection's documents to be stored again when the store has no point of it and the ledger says that it has.</summary>
    /// <param name="binding">The collection; its physical collection exists.</param>
    /// <param name="cancellationToken">Stops between steps.</param>
    /// <returns>Documents that were thought to be stored.</returns>
    public async Task<long> InvalidateAsync(CollectionBinding binding, CancellationToken cancellationToken)
    {
        if (await HasPointsAsync(binding, cancellationToken))
        {
            return 0;
        }

        // The store is asked again after the ledger: what the ledger calls stored has its points before, so a job at work deceives nobody.
        var stored = await ledger.CountAsync(binding.Key, cancellationToken);
        if (stored.Chunks == 0 || await HasPointsAsync(binding, cancellationToken))
        {
            return 0;
        }

        string? after = null;
        while (await ledger.ListAsync(binding.Key, after, DocumentsPerStep, cancellationToken) is { Count: > 0 } documents)
        {
            await ledger.InvalidateAsync(binding.Key, [.. documents.Select(document => document.Id)], cancellationToken);
            after = documents[^1].Id;
        }

        return stored.Documents;
    }

    private async Task<bool> HasPointsAsync(CollectionBinding binding, CancellationToken cancellationToken) =>
        (await store.ScrollAsync(binding.PointScope, after: null, limit: 1, withVectors: false, cancellationToken)).Count > 0;
}
