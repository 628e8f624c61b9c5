using Quiver.Core.Ledger;
using Quiver.GrainInterfaces.Workers;

namespace Quiver.Core.Documents;

/// <summary>What to do with a document.</summary>
internal enum DocumentVerdict
{
    /// <summary>Chunk, embed, upsert.</summary>
    Store = 1,

    /// <summary>The collection holds it.</summary>
    Unchanged = 2,

    /// <summary>This job stored it before it was interrupted.</summary>
    StoredBefore = 3,

    /// <summary>Its derived id belongs to another source's document.</summary>
    Conflict = 4,
}

/// <summary>Decides what to do with a document, from the document and its ledger row alone.</summary>
internal static class DocumentTriage
{
    /// <summary>Judges a document without a fault; <paramref name="continues"/> is true when an earlier call stored its first chunks.</summary>
    public static DocumentVerdict Judge(Document document, byte[] hash, DocumentRecord? known, BatchRequest request, bool continues)
    {
        if (known is null)
        {
            return DocumentVerdict.Store;
        }

        if (known.Origin != document.Origin && known.HasOrigin && !document.HasExplicitId)
        {
            return DocumentVerdict.Conflict;
        }

        if (known.ContentHash is null || continues)
        {
            return DocumentVerdict.Store;
        }

        if (known.ContentHash.AsSpan().SequenceEqual(hash))
        {
            if (known.Origin != document.Origin && request.Sync != SyncMode.Append)
            {
                // Taken over by another source: stored again under its new origin, because mirroring the old origin would delete it.
                return DocumentVerdict.Store;
            }

            return WasStoredBy(known, request) ? DocumentVerdict.StoredBefore : DocumentVerdict.Unchanged;
        }

        return request.Sync == SyncMode.Append && known.Generation != request.Generation ? DocumentVerdict.Unchanged : DocumentVerdict.Store;
    }

    /// <summary>True when this job wrote the ledger row.</summary>
    public static bool WasStoredBy(DocumentRecord? known, BatchRequest request) =>
        known is { ContentHash: not null } && known.Generation == request.Generation && known.IndexedAt >= request.JobStartedAt;
}
