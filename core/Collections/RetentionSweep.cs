using System.Runtime.CompilerServices;
using Quiver.Core.Ledger;
using Quiver.Core.Vectors;

namespace Quiver.Core.Collections;

/// <summary>The result of a retention step.</summary>
/// <param name="Documents">Documents deleted.</param>
/// <param name="Points">Points deleted.</param>
/// <param name="HasMore">Whether another step is needed.</param>
/// <param name="Next">Where the next step continues; null restarts from the beginning.</param>
internal readonly record struct RetentionStep(long Documents, long Points, bool HasMore, Guid? Next);

/// <summary>
/// Deletes expired documents as a whole: all their points and their ledger row. If the source still has such a document, its next job stores
/// it again. A job may be storing the same document at the same moment. Therefore a document that was begun or stored since is kept, only
/// expired points are deleted, and a row is deleted only if it was not touched since. Rows are deleted before points: an interruption leaves
/// expired points without a document, which the next sweep finds. A row without points would never be found.
/// </summary>
internal sealed class RetentionSweep(IDocumentLedger ledger, IVectorStore store, TimeProvider time)
{
    /// <summary>Small, because each point may belong to a document of many points, which are deleted with it.</summary>
    private const int PointsPerStep = 100;

    private const int PointsPerDeletion = 1000;

    /// <summary>Reads one page of expired points and deletes their documents.</summary>
    /// <param name="binding">The collection.</param>
    /// <param name="before">What was stored before is expired.</param>
    /// <param name="after">The previous step's <see cref="RetentionStep.Next"/>; null for the first.</param>
    /// <param name="duration">How long the step may take. It ends between two requests; the next step continues.</param>
    /// <param name="cancellationToken">Stops the requests.</param>
    public async Task<RetentionStep> StepAsync(
        CollectionBinding binding, DateTimeOffset before, Guid? after, TimeSpan duration, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var expired = await store.FindIndexedBeforeAsync(binding.PointScope, before, after, PointsPerStep, cancellationToken);
        if (expired.Count == 0)
        {
            return default;
        }

        var known = await ledger.FindAsync(binding.Key, [.. expired.Select(point => point.Payload.DocumentId).Distinct()], cancellationToken);

        // Points without a document in the ledger, or beyond its chunk count.
        var stray = expired.Where(point =>
            !known.TryGetValue(point.Payload.DocumentId, out var document) || (document.IndexedAt < before && point.Payload.Chunk >= document.ChunkCount));
        var (documents, points) = (0L, 0L);
        await foreach (var deleted in DeleteAsync(binding, stray.Select(point => point.Id), before, cancellationToken))
        {
            points += deleted;
        }

        foreach (var (index, portion) in Portions([.. known.Values.Where(document => document.IndexedAt < before)]).Index())
        {
            if (index > 0 && IsOver())
            {
                return new(documents, points, HasMore: true, after);
            }

            await ledger.InvalidateAsync(binding.Key, [.. portion.Select(document => document.Id)], cancellationToken);
            foreach (var generation in portion.GroupBy(document => document.Generation))
            {
                documents += await ledger.DeleteStaleAsync(binding.Key, [.. generation.Select(document => document.Id)], generation.Key + 1, cancellationToken);
            }

            var ids = portion.SelectMany(document => Enumerable.Range(0, document.ChunkCount).Select(chunk => PointId.Create(binding.Key, document.Id, chunk)));
            await foreach (var deleted in DeleteAsync(binding, ids, before, cancellationToken))
            {
                points += deleted;
                if (IsOver())
                {
                    // The rest of their points is stray now.
                    return new(documents, points, HasMore: true, after);
                }
            }
        }

        return expired.Count == PointsPerStep ? new(documents, points, HasMore: true, expired[^1].Id) : new(documents, points, HasMore: false, Next: null);

        bool IsOver() => time.GetElapsedTime(started) >= duration;
    }

    /// <summary>Groups documents so that a group's points fit into one deletion; a larger document is a group of its own.</summary>
    private static IEnumerable<List<DocumentRecord>> Portions(List<DocumentRecord> documents)
    {
        List<DocumentRecord> portion = [];
        foreach (var document in documents)
        {
            if (portion.Count > 0 && portion.Sum(other => other.ChunkCount) + document.ChunkCount > PointsPerDeletion)
            {
                yield return portion;
                portion = [];
            }

            portion.Add(document);
        }

        if (portion.Count > 0)
        {
            yield return portion;
        }
    }

    /// <summary>Deletes expired points; a point that a job stores again meanwhile is younger and stays.</summary>
    private async IAsyncEnumerable<long> DeleteAsync(
        CollectionBinding binding, IEnumerable<Guid> ids, DateTimeOffset before, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var page in ids.Chunk(PointsPerDeletion))
        {
            yield return await store.DeleteIndexedBeforeAsync(binding.PointScope, page, before, cancellationToken);
        }
    }
}
