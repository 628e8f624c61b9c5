using Quiver.Core.Ledger;
using Quiver.Core.Vectors;

namespace Quiver.Core.Consistency;

/// <summary>
/// Finds points that the vector store acknowledged and then lost: all points of a collection, as with a lost folder of vectors, or
/// points that one job wrote. <see cref="CollectionVerifier"/> compares a whole collection point by point.
/// </summary>
internal sealed class LostPointFinder(IDocumentLedger ledger, IVectorStore store)
{
    private const int DocumentsPerStep = 1000;

    /// <summary>
    /// Marks all documents to be stored again when the ledger lists points and the store has none. Otherwise the next job would find every
    /// document unchanged and end successfully with an empty store.
    /// </summary>
    /// <param name="binding">The collection; its physical collection exists.</param>
    /// <param name="cancellationToken">Stops between steps.</param>
    /// <returns>Documents that the ledger listed as stored; 0 when no points are lost.</returns>
    public async Task<long> InvalidateIfAllLostAsync(CollectionBinding binding, CancellationToken cancellationToken)
    {
        if (await HasPointsAsync(binding, cancellationToken))
        {
            return 0;
        }

        // Ask the store again after the ledger: a job commits to the ledger after its points exist, so a running job causes no false alarm.
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

    /// <summary>Returns the points that a job of this generation wrote, or a later job wrote or found unchanged.</summary>
    /// <param name="scope">The collection.</param>
    /// <param name="documents">Documents in the ledger.</param>
    /// <param name="generation">The job's generation.</param>
    public static IEnumerable<WrittenPoint> PointsOf(CollectionKey scope, IEnumerable<DocumentRecord> documents, long generation) =>
        documents
            .Where(document => document.ContentHash is not null)
            .Where(document => document.Generation > generation || (document.Generation == generation && document.Epoch > 0))
            .SelectMany(document => Enumerable.Range(0, document.ChunkCount)
                .Select(chunk => new WrittenPoint(document.Id, PointId.Create(scope, document.Id, chunk), document.Generation == generation)));

    /// <summary>Returns the ids of documents with missing points. Reads only.</summary>
    /// <param name="binding">The collection.</param>
    /// <param name="points">At most <see cref="PointIds.PerPage"/>.</param>
    /// <param name="generation">The job's generation.</param>
    /// <param name="cancellationToken">Stops the requests.</param>
    public async Task<IReadOnlySet<string>> FindAsync(
        CollectionBinding binding, IReadOnlyList<WrittenPoint> points, long generation, CancellationToken cancellationToken)
    {
        // A point of an earlier generation in place of the job's own also counts as lost: the store has gone back to it.
        var own = points.Where(point => point.IsOwn).Select(point => point.Id).ToList();
        var others = points.Where(point => !point.IsOwn).Select(point => point.Id).ToList();
        var existing = new HashSet<Guid>();
        if (own.Count > 0)
        {
            existing.UnionWith(await store.FindWrittenAsync(binding.PointScope, own, generation, cancellationToken));
        }

        if (others.Count > 0)
        {
            existing.UnionWith(await store.FindExistingAsync(binding.PointScope, others, cancellationToken));
        }

        return points.Where(point => !existing.Contains(point.Id)).Select(point => point.Document).ToHashSet();
    }

    /// <summary>Whether the store has more points of the collection than the ledger lists.</summary>
    public async Task<bool> HasSurplusAsync(CollectionBinding binding, CancellationToken cancellationToken) =>
        await store.CountAsync(binding.PointScope, cancellationToken) > (await ledger.CountAsync(binding.Key, cancellationToken)).Chunks;

    private async Task<bool> HasPointsAsync(CollectionBinding binding, CancellationToken cancellationToken) =>
        (await store.ScrollAsync(binding.PointScope, after: null, limit: 1, withVectors: false, cancellationToken)).Count > 0;
}

/// <summary>A point that must be in the vector store.</summary>
/// <param name="Document">Its document's id.</param>
/// <param name="Id">Its id.</param>
/// <param name="IsOwn">Whether the examined job wrote it; otherwise a job of a later generation wrote it or found it unchanged.</param>
internal readonly record struct WrittenPoint(string Document, Guid Id, bool IsOwn);
