using Quiver.Pipeline.Ledger;
using Quiver.Pipeline.Vectors;

namespace Quiver.Pipeline.Collections;

/// <summary>
/// Deletes documents that were stored too long ago, whole ones: with all their points and their row in the ledger. A source that still has
/// such a document stores it anew with its next job, because nothing is known of it any more. A job may be storing the same document at
/// the same moment: so a document that was begun or stored since is left alone, only points that are too old are deleted, and a row goes
/// only when nobody has touched it since. Rows go before points: a stop in between leaves old points without a document, which the next
/// sweep finds; a row without points nobody would look for.
/// </summary>
/// <param name="ledger">What is thought to be there.</param>
/// <param name="store">What is there.</param>
internal sealed class RetentionSweep(IDocumentLedger ledger, IVectorStore store)
{
    /// <summary>Each may belong to a document of many points, all of which go in the same step.</summary>
    private const int PointsPerStep = 100;

    private const int PointsPerDeletion = 1000;

    /// <summary>Looks at one page of old points, and deletes what they belong to.</summary>
    /// <param name="binding">The collection.</param>
    /// <param name="before">What was stored before is too old.</param>
    /// <param name="after">The step before's <see cref="RetentionStep.Next"/>; null for the first.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<RetentionStep> StepAsync(CollectionBinding binding, DateTimeOffset before, Guid? after, CancellationToken cancellationToken)
    {
        var old = await store.FindIndexedBeforeAsync(binding.PhysicalCollection, binding.Key, before, after, PointsPerStep, cancellationToken);
        if (old.Count == 0)
        {
            return default;
        }

        var known = await ledger.FindAsync(binding.Key, [.. old.Select(point => point.Payload.DocumentId).Distinct()], cancellationToken);
        List<DocumentRecord> expired = [.. known.Values.Where(document => document.IndexedAt < before)];
        await ledger.InvalidateAsync(binding.Key, [.. expired.Select(document => document.Id)], cancellationToken);

        var forgotten = 0L;
        foreach (var generation in expired.GroupBy(document => document.Generation))
        {
            forgotten += await ledger.DeleteStaleAsync(binding.Key, [.. generation.Select(document => document.Id)], generation.Key + 1, cancellationToken);
        }

        // Points of documents that the ledger does not know, or knew with more chunks, go with the others.
        var stray = old.Where(point => !known.TryGetValue(point.Payload.DocumentId, out var document) || (document.IndexedAt < before && point.Payload.Chunk >= document.ChunkCount));
        var ids = expired
            .SelectMany(document => Enumerable.Range(0, document.ChunkCount).Select(chunk => PointId.Create(binding.Key, document.Id, chunk)))
            .Concat(stray.Select(point => point.Id));
        var points = 0L;
        foreach (var some in ids.Chunk(PointsPerDeletion))
        {
            // What a job stores meanwhile is younger, and stays.
            points += await store.DeleteIndexedBeforeAsync(binding.PhysicalCollection, binding.Key, some, before, cancellationToken);
        }

        return new(forgotten, points, old.Count == PointsPerStep ? old[^1].Id : null);
    }
}
