using Quiver.Core.Ledger;
using Quiver.GrainInterfaces.Workers;

namespace Quiver.Core.Documents;

/// <summary>What is to be done about one record, decided from the record and the ledger alone.</summary>
internal static class DocumentTriage
{
    /// <summary>The decision for a record that is a document; one that an earlier call began goes on.</summary>
    public static DocumentVerdict Judge(DocumentItem item, byte[] hash, DocumentRecord? known, BatchRequest request, bool goesOn)
    {
        if (known is null)
        {
            return DocumentVerdict.Store;
        }

        if (known.Origin != item.Origin && !item.HasExplicitId)
        {
            return DocumentVerdict.Conflict;
        }

        if (known.ContentHash is null || goesOn)
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

            return WasStoredBy(known, request) ? DocumentVerdict.StoredBefore : DocumentVerdict.Unchanged;
        }

        return request.Sync == SyncMode.Append && known.Generation != request.Generation ? DocumentVerdict.Unchanged : DocumentVerdict.Store;
    }

    /// <summary>True when this very job stored what the ledger has.</summary>
    public static bool WasStoredBy(DocumentRecord? known, BatchRequest request) =>
        known is { ContentHash: not null } && known.Generation == request.Generation && known.IndexedAt >= request.JobStartedAt;
}

/// <summary>What is to be done about a document.</summary>
internal enum DocumentVerdict
{
    /// <summary>Chunk, embed, upsert.</summary>
    Store = 1,

    /// <summary>The collection holds it.</summary>
    Unchanged = 2,

    /// <summary>This very job stored it before it was interrupted.</summary>
    StoredBefore = 3,

    /// <summary>Its derived id belongs to another source's document.</summary>
    Conflict = 4,
}
