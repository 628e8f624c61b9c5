using System.Runtime.CompilerServices;
using Quiver.Core.Ledger;
using Quiver.Core.Vectors;

namespace Quiver.Core.Collections;

/// <summary>
/// Deletes documents that were stored too long ago, whole ones: with all their points and their row in the ledger. A source that still has
/// such a document stores it anew with its next job, because nothing is known of it any more. A job may be storing the same document at
/// the same moment: so a document that was begun or stored since is left alone, only points that are too old are deleted, and a row goes
/// only when nobody has touched it since. Rows go before points: a stop in between leaves old points without a document, which the next
/// sweep finds; a row without points nobody would look for.
/// </summary>
/// <param name="ledger">What is thought to be there.</param>
/// <param name="store">What is there.</param>
/// <param name="time">The clock.</param>
internal sealed class RetentionSweep(IDocumentLedger ledger, IVectorStore store, TimeProvider time)
{
    /// <summary>Each may belong to a document of many points, which go with it.</summary>
    private const int PointsPerStep = 100;

    private const int PointsPerDeletion = 1000;

    /// <summary>Looks at one page of old points, and deletes what they belong to.</summary>
    /// <param name="binding">The collection.</param>
    /// <param name="before">What was stored before is too old.</param>
    /// <param name="after">The step before's <see cref="RetentionStep.Next"/>; null for the first.</param>
    /// <param name="duration">How long the step may take; it ends between two requests, and what it left comes with the next one.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<RetentionStep> StepAsync(CollectionBinding binding, DateTimeOffset before, Guid? after, TimeSpan duration, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var old = await store.FindIndexedBeforeAsync(binding.PhysicalCollection, binding.Key, before, after, PointsPerStep, cancellationToken);
        if (old.Count == 0)
        {
            return default;
        }

        var known = await ledger.FindAsync(binding.Key, [.. old.Select(point => point.Payload.DocumentId).Distinct()], cancellationToken);

        // Points of documents that the ledger does not know, or knew with more chunks, go with the others.
        var stray = old.Where(point => !known.TryGetValue(point.Payload.DocumentId, out var document) || (document.IndexedAt < before && point.Payload.Chunk >= document.ChunkCount));
        var (forgotten, points) = (0L, 0L);
        await foreach (var deleted in DeleteAsync(binding, stray.Select(point => point.Id), before, cancellationToken))
        {
            points += deleted;
        }

        foreach (var (at, expired) in Portions([.. known.Values.Where(document => document.IndexedAt < before)]).Index())
        {
            if (at > 0 && IsOver())
            {
                return new(forgotten, points, HasMore: true, after);
            }

            await ledger.InvalidateAsync(binding.Key, [.. expired.Select(document => document.Id)], cancellationToken);
            foreach (var generation in expired.GroupBy(document => document.Generation))
            {
                forgotten += await ledger.DeleteStaleAsync(binding.Key, [.. generation.Select(document => document.Id)], generation.Key + 1, cancellationToken);
            }

            var ids = expired.SelectMany(document => Enumerable.Range(0, document.ChunkCount).Select(chunk => PointId.Create(binding.Key, document.Id, chunk)));
            await foreach (var deleted in DeleteAsync(binding, ids, before, cancellationToken))
            {
                points += deleted;
                if (IsOver())
                {
                    // What is left of their points is stray now.
                    return new(forgotten, points, HasMore: true, after);
                }
            }
        }

        return old.Count == PointsPerStep ? new(forgotten, points, HasMore: true, old[^1].Id) : new(forgotten, points, HasMore: false, Next: null);

        bool IsOver() => time.GetElapsedTime(started) >= duration;
    }

    /// <summary>Documents whose points take one deletion, or one document whose points take more.</summary>
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

    /// <summary>What a job stores meanwhile is younger, and stays.</summary>
    private async IAsyncEnumerable<long> DeleteAsync(CollectionBinding binding, IEnumerable<Guid> ids, DateTimeOffset before, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var some in ids.Chunk(PointsPerDeletion))
        {
            yield return await store.DeleteIndexedBeforeAsync(binding.PhysicalCollection, binding.Key, some, before, cancellationToken);
        }
    }
}

/// <summary>What a step of retention did.</summary>
/// <param name="Documents">Documents forgotten.</param>
/// <param name="Points">Points deleted.</param>
/// <param name="HasMore">Whether there is more to look through.</param>
/// <param name="Next">Where to go on; null begins anew.</param>
internal readonly record struct RetentionStep(long Documents, long Points, bool HasMore, Guid? Next);
