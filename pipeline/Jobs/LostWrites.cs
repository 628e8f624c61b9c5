using Quiver.Pipeline.Ledger;
using Quiver.Pipeline.Vectors;

namespace Quiver.Pipeline.Jobs;

/// <summary>Finds what a job has written, and the vector store acknowledged, and is not there any more; a page at a time.</summary>
internal sealed class LostWrites(IDocumentLedger ledger, IVectorStore store)
{
    private const int DocumentsPerStep = 200;
    private const int PointsPerRequest = 1000;

    /// <summary>Whether the vector store has points of the collection that the ledger does not know of, or that cannot be told.</summary>
    /// <param name="binding">The collection.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<bool> HasSurplusAsync(CollectionBinding binding, CancellationToken cancellationToken)
    {
        var known = await ledger.CountAsync(binding.Key, cancellationToken);
        return known.Unfinished > 0 || await store.CountAsync(binding.PhysicalCollection, binding.Key, cancellationToken) > known.Chunks;
    }

    /// <summary>Looks a page of documents over, and marks those with missing points to be stored again.</summary>
    /// <param name="binding">The collection.</param>
    /// <param name="generation">The job's.</param>
    /// <param name="since">When the job began: what it only found unchanged was written before.</param>
    /// <param name="after">Where the page before ended; null for the first.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Where this page ends, null for the last; and the documents with missing points.</returns>
    public async Task<(string? Next, int Lost)> StepAsync(
        CollectionBinding binding, long generation, DateTimeOffset since, string? after, CancellationToken cancellationToken)
    {
        var documents = await ledger.ListAsync(binding.Key, after, DocumentsPerStep, cancellationToken);
        var points = documents
            .Where(document => document.ContentHash is not null && document.Generation == generation && document.IndexedAt >= since)
            .SelectMany(document => Enumerable.Range(0, document.ChunkCount).Select(chunk => (Document: document.Id, Id: PointId.Create(binding.Key, document.Id, chunk))));
        var lost = new HashSet<string>(StringComparer.Ordinal);
        foreach (var part in points.Chunk(PointsPerRequest))
        {
            // A point that it had replaced counts as lost too: what came back is what was there before.
            var written = await store.FindWrittenAsync(binding.PhysicalCollection, binding.Key, [.. part.Select(point => point.Id)], generation, cancellationToken);
            lost.UnionWith(part.Where(point => !written.Contains(point.Id)).Select(point => point.Document));
        }

        if (lost.Count > 0)
        {
            await ledger.InvalidateAsync(binding.Key, [.. lost], cancellationToken);
        }

        return (documents.Count == DocumentsPerStep ? documents[^1].Id : null, lost.Count);
    }
}
