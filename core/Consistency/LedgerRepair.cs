using Quiver.Core.Ledger;
using Quiver.Core.Vectors;

namespace Quiver.Core.Consistency;

/// <summary>
/// Brings ledger and vector store back together after one of them lost something: what one of them knows nothing of is stored again by the next job,
/// instead of being found unchanged. No job may use the collection. Works a page at a time; safe to repeat.
/// </summary>
public sealed class LedgerRepair(ILedger ledger, IVectorStore store)
{
    private const int DocumentsPerStep = 200;

    /// <summary>Marks the documents whose points are missing in the store.</summary>
    /// <param name="binding">The collection.</param>
    /// <param name="cancellationToken">Stops between pages.</param>
    /// <returns>The number of documents that the next job stores again.</returns>
    public async Task<long> InvalidateLostAsync(CollectionBinding binding, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(binding);
        var lost = 0L;
        IReadOnlyList<DocumentRecord> documents;
        for (string? after = null; (documents = await ledger.ListAsync(binding.Key, after, DocumentsPerStep, cancellationToken)).Count > 0; after = documents[^1].Id)
        {
            List<string> broken = [];
            foreach (var document in documents.Where(static document => document.ContentHash is not null))
            {
                foreach (var ids in PointIds.Pages(binding.Key, document))
                {
                    if ((await store.FindExistingAsync(binding.PointScope, ids, cancellationToken)).Count < ids.Length)
                    {
                        broken.Add(document.Id);
                        break;
                    }
                }
            }

            if (broken.Count > 0)
            {
                await ledger.InvalidateAsync(binding.Key, broken, cancellationToken);
                lost += broken.Count;
            }
        }

        return lost;
    }

    /// <summary>Lists the documents of points that the ledger does not know, as documents that are not completely stored: their content is unknown.</summary>
    /// <param name="binding">The collection.</param>
    /// <param name="cancellationToken">Stops between pages.</param>
    /// <returns>The number of documents that the next job stores again.</returns>
    public async Task<long> AddUnknownAsync(CollectionBinding binding, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(binding);
        var added = 0L;
        IReadOnlyList<StoredPoint> points;
        for (Guid? after = null; (points = await store.ScrollAsync(binding.PointScope, after, PageSize.Max, withVectors: false, cancellationToken)).Count > 0; after = points[^1].Id)
        {
            var documents = points.GroupBy(static point => point.Payload.DocumentId, StringComparer.Ordinal).ToList();
            var known = await ledger.FindAsync(binding.Key, [.. documents.Select(static document => document.Key)], cancellationToken);
            var unknown = documents
                .Where(document => !known.TryGetValue(document.Key, out var row) || (row.ContentHash is null && row.ChunkCount < Chunks(document)))
                .Select(document => new DocumentRecord
                {
                    Id = document.Key,
                    Origin = known.TryGetValue(document.Key, out var row) ? row.Origin : DocumentRecord.UnknownOrigin,
                    ChunkCount = Chunks(document),
                    Generation = document.Max(static point => point.Payload.Generation),
                    Epoch = document.MaxBy(static point => (point.Payload.Generation, point.Payload.Epoch))!.Payload.Epoch,
                    IndexedAt = document.Max(static point => point.Payload.IndexedAt),
                })
                .ToList();
            if (unknown.Count > 0)
            {
                await ledger.BeginAsync(binding.Key, unknown, cancellationToken);
                added += unknown.Count(document => !known.ContainsKey(document.Id));
            }
        }

        return added;
    }

    private static int Chunks(IEnumerable<StoredPoint> points) => points.Max(static point => point.Payload.Chunk) + 1;
}
