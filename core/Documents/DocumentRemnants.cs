using Quiver.Core.Ledger;
using Quiver.GrainInterfaces.Workers;

namespace Quiver.Core.Documents;

/// <summary>
/// Takes back what was stored of a document that the model, or the store, refused only then: half a document, or one half new and half old,
/// must not be found. A newer job's points and row are left alone.
/// </summary>
internal sealed class DocumentRemnants(IDocumentLedger ledger, PointWriter writer)
{
    /// <summary>Removes what is stored of a document that the model refused, unless that is a whole version of it.</summary>
    public Task RemoveAsync(CollectionBinding binding, BatchRequest request, PreparedDocument document, BatchTally tally, CancellationToken cancellationToken) =>
        document.Known is { ContentHash: not null } || (document.Known is null && Begun(request, document) == 0)
            ? Task.CompletedTask
            : RemoveAsync(binding, request, document, document.Known?.ChunkCount ?? 0, tally, cancellationToken);

    /// <summary>Removes all of a document that the store refused: some of its points may have replaced those of the version before.</summary>
    public Task RemoveBegunAsync(CollectionBinding binding, BatchRequest request, PreparedDocument document, BatchTally tally, CancellationToken cancellationToken) =>
        RemoveAsync(binding, request, document, Math.Max(document.Known?.ChunkCount ?? 0, document.ChunkEnd), tally, cancellationToken);

    private static int Begun(BatchRequest request, PreparedDocument document) =>
        request.From is { } place && document.Item.Ordinal == request.Items[0].Ordinal ? place.Number : 0;

    private async Task RemoveAsync(
        CollectionBinding binding, BatchRequest request, PreparedDocument document, int end, BatchTally tally, CancellationToken cancellationToken)
    {
        // An attempt may end between any of these steps, and the next one may find that the text is taken after all. While the
        // ledger knows the document, that attempt goes on behind what was begun: so that much is deleted only when the row is gone.
        var (id, begun, newer) = (document.Item.Id, Begun(request, document), request.Generation + 1);
        var deleted = await writer.DeleteOlderAsync(binding, id, begun, end, newer, cancellationToken);
        await ledger.DeleteStaleAsync(binding.Key, [id], newer, cancellationToken);
        deleted += await writer.DeleteOlderAsync(binding, id, 0, begun, newer, cancellationToken);
        tally.Add(new JobCounters { PointsDeleted = deleted });
    }
}
