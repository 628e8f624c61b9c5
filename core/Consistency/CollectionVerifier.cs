using Quiver.Core.Ledger;
using Quiver.Core.Vectors;

namespace Quiver.Core.Consistency;

/// <summary>
/// Compares the ledger with the vector store, a page at a time: first every document's points, then every point's document. Thread-safe.
/// </summary>
public sealed class CollectionVerifier(ILedger ledger, IVectorStore store)
{
    private const int DocumentsPerPage = 200;
    private const int PointsPerPage = 1000;
    private const int MaxDiffering = 100;
    private const string DocumentsPhase = "documents:";
    private const string PointsPhase = "points:";

    private readonly CollectionUse _use = new(ledger);

    /// <summary>Compares a page.</summary>
    /// <param name="binding">The collection.</param>
    /// <param name="after">The previous page's <see cref="VerifyReport.Next"/>; null for the first.</param>
    /// <param name="repair">Whether to repair: mark documents with missing points to be stored again, and delete surplus points.</param>
    /// <param name="cancellationToken">Stops the requests.</param>
    /// <exception cref="ConflictException">With <see cref="ErrorCodes.CollectionInUse"/>: a repair was requested while jobs use the collection.</exception>
    public async Task<VerifyReport> VerifyAsync(CollectionBinding binding, string? after, bool repair, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(binding);
        if (repair)
        {
            await _use.RequireNoneAsync(binding.Key, "repaired", cancellationToken);
        }

        return after switch
        {
            null => await VerifyDocumentsAsync(binding, null, repair, cancellationToken),
            _ when after.StartsWith(DocumentsPhase, StringComparison.Ordinal) =>
                await VerifyDocumentsAsync(binding, after[DocumentsPhase.Length..], repair, cancellationToken),
            PointsPhase => await VerifyPointsAsync(binding, null, repair, cancellationToken),
            _ when after.StartsWith(PointsPhase, StringComparison.Ordinal) =>
                await VerifyPointsAsync(binding, PageToken.ParseId(after[PointsPhase.Length..]), repair, cancellationToken),
            _ => throw PageToken.Invalid(after),
        };
    }

    private async Task<VerifyReport> VerifyDocumentsAsync(CollectionBinding binding, string? after, bool repair, CancellationToken cancellationToken)
    {
        var documents = await ledger.ListAsync(binding.Key, after, DocumentsPerPage, cancellationToken);
        var expected = 0L;
        var missing = 0L;
        List<string> differing = [];
        List<string> broken = [];
        foreach (var document in documents)
        {
            if (document.ContentHash is null)
            {
                differing.Add(document.Id);
                continue;
            }

            var lost = await CountMissingAsync(binding, document, cancellationToken);
            expected += document.ChunkCount;
            missing += lost;
            if (lost > 0)
            {
                differing.Add(document.Id);
                broken.Add(document.Id);
            }
        }

        if (repair && broken.Count > 0)
        {
            await ledger.InvalidateAsync(binding.Key, broken, cancellationToken);
        }

        return new VerifyReport
        {
            Documents = documents.Count,
            ExpectedPoints = expected,
            MissingPoints = missing,
            UnfinishedDocuments = differing.Count - broken.Count,
            Repaired = repair ? broken.Count : 0,
            Differing = [.. differing.Take(MaxDiffering)],
            Next = documents.Count == DocumentsPerPage ? DocumentsPhase + documents[^1].Id : PointsPhase,
        };
    }

    private async Task<long> CountMissingAsync(CollectionBinding binding, DocumentRecord document, CancellationToken cancellationToken)
    {
        var missing = 0L;
        foreach (var ids in PointIds.Pages(binding.Key, document))
        {
            var existing = await store.FindExistingAsync(binding.PointScope, ids, cancellationToken);
            missing += ids.Length - existing.Count;
        }

        return missing;
    }

    private async Task<VerifyReport> VerifyPointsAsync(CollectionBinding binding, Guid? after, bool repair, CancellationToken cancellationToken)
    {
        var points = await store.ScrollAsync(binding.PointScope, after, PointsPerPage, withVectors: false, cancellationToken);
        var known = await ledger.FindAsync(binding.Key, [.. points.Select(point => point.Payload.DocumentId).Distinct()], cancellationToken);
        var surplus = points
            .Where(point => !known.TryGetValue(point.Payload.DocumentId, out var document) || point.Payload.Chunk >= document.ChunkCount)
            .ToList();
        var deleted = repair && surplus.Count > 0 ? await DeleteAsync(binding, surplus, cancellationToken) : 0;
        return new VerifyReport
        {
            SurplusPoints = surplus.Count,
            Repaired = deleted,
            Differing = [.. surplus.Select(point => point.Payload.DocumentId).Distinct().Take(MaxDiffering)],
            Next = points.Count == PointsPerPage ? PointsPhase + points[^1].Id : null,
        };
    }

    private async Task<long> DeleteAsync(CollectionBinding binding, List<StoredPoint> surplus, CancellationToken cancellationToken)
    {
        // A job that starts now has a higher generation than any point seen, so the points that it stores under these ids stay.
        var generation = surplus.Max(point => point.Payload.Generation) + 1;
        return await store.DeleteOlderAsync(binding.PointScope, [.. surplus.Select(point => point.Id)], generation, cancellationToken);
    }
}
