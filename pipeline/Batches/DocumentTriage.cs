using Quiver.GrainInterfaces.Workers;
using Quiver.Pipeline.Ledger;

namespace Quiver.Pipeline.Batches;

/// <summary>What is to be done about one record, decided from the record and the ledger alone.</summary>
internal static class DocumentTriage
{
    /// <summary>The decision for a record that is a document.</summary>
    public static DocumentVerdict Judge(DocumentItem item, byte[] hash, DocumentRecord? known, BatchRequest request)
    {
        if (known is null)
        {
            return DocumentVerdict.Store;
        }

        if (known.Origin != item.Origin && !item.HasExplicitId)
        {
            return DocumentVerdict.Conflict;
        }

        if (known.ContentHash is null || request.FirstChunk > 0)
        {
            return DocumentVerdict.Store;
        }

        if (known.ContentHash.AsSpan().SequenceEqual(hash))
        {
            if (known.Origin != item.Origin && request.Sync != SyncMode.Append)
            {
                // Taken over: stored again under its new origin, lest mirroring the old one deletes it.
                return DocumentVerdict.Store;
            }

            return known.Generation == request.Generation && known.IndexedAt >= request.JobStartedAt ? DocumentVerdict.StoredBefore : DocumentVerdict.Unchanged;
        }

        return request.Sync == SyncMode.Append && known.Generation != request.Generation ? DocumentVerdict.Unchanged : DocumentVerdict.Store;
    }

    /// <summary>True when a faulty record may stand for a known document whose id cannot be told, so that mirroring must not delete by absence.</summary>
    public static bool HidesDocuments(DocumentItem item) =>
        item.FaultCode is not null && !item.HasExplicitId && item.Format is DocumentFormat.JsonLines or DocumentFormat.Json;
}
