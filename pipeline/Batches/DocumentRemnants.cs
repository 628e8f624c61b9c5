using Quiver.GrainInterfaces.Workers;
using Quiver.Pipeline.Ledger;

namespace Quiver.Pipeline.Batches;

/// <summary>
/// Takes back what was stored of a document that the model refused only then: half a document, or one half new and half old, must not be
/// found. A newer job's points and row are left alone.
/// </summary>
internal sealed class DocumentRemnants(IDocumentLedger ledger, PointWriter writer)
{
    /// <summary>Removes what is stored of a refused document, unless that is a whole version of it.</summary>
    public async Task RemoveAsync(CollectionBinding binding, BatchRequest request, PreparedDocument document, BatchTally tally, CancellationToken cancellationToken)
    {
        var id = document.Item.Id;
        var begun = request.From is { } place && document.Item.Ordinal == request.Items[0].Ordinal ? place.Number : 0;
        if (document.Known is { ContentHash: not null } || (document.Known is null && begun == 0))
        {
            return;
        }

        // An attempt may end between any of these steps, and the next one may find that the model takes the text after all. While the
        // ledger knows the document, that attempt goes on behind what was begun: so that much is deleted only when the row is gone.
        var newer = request.Generation + 1;
        var deleted = await writer.DeleteOlderAsync(binding, id, begun, document.Known?.ChunkCount ?? 0, newer, cancellationToken);
        await ledger.DeleteStaleAsync(binding.Key, [id], newer, cancellationToken);
        deleted += await writer.DeleteOlderAsync(binding, id, 0, begun, newer, cancellationToken);
        tally.Add(new JobCounters { PointsDeleted = deleted });
    }
}
