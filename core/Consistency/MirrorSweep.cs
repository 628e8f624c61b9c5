using Quiver.Core.Ledger;
using Quiver.Core.Vectors;

namespace Quiver.Core.Consistency;

/// <summary>
/// Deletes the documents that a mirrored source no longer has, after everything that it has is stored. Safe to repeat. A newer job may find
/// such a document again at any moment. Therefore documents lose their hash first, only points of older generations are deleted, and a
/// row is deleted only if it was not touched since. An interruption leaves the document unfinished, never points without a document.
/// </summary>
internal sealed class MirrorSweep(IDocumentLedger ledger, IVectorStore store)
{
    private const int DocumentsPerStep = 100;

    /// <summary>Deletes one step's worth.</summary>
    /// <param name="binding">The collection.</param>
    /// <param name="origins">The parts of the source that the job read.</param>
    /// <param name="generation">The job's generation: documents that it did not see have a lower one.</param>
    /// <param name="cancellationToken">Stops the requests.</param>
    /// <returns>What was deleted; zero documents when nothing is left.</returns>
    public async Task<JobCounters> StepAsync(CollectionBinding binding, ImmutableArray<string> origins, long generation, CancellationToken cancellationToken)
    {
        var points = 0L;
        foreach (var origin in origins)
        {
            while (await ledger.ClaimStaleAsync(binding.Key, origin, generation, DocumentsPerStep, cancellationToken) is { Count: > 0 } stale)
            {
                foreach (var ids in stale.SelectMany(document => PointIds.Pages(binding.Key, document)))
                {
                    points += await store.DeleteOlderAsync(binding.PointScope, ids, generation, cancellationToken);
                }

                // Zero means that a newer job took all of them; the next page may still hold stale documents.
                var deleted = await ledger.DeleteStaleAsync(binding.Key, [.. stale.Select(document => document.Id)], generation, cancellationToken);
                if (deleted > 0)
                {
                    return new JobCounters { Deleted = deleted, PointsDeleted = points };
                }
            }
        }

        return new JobCounters { PointsDeleted = points };
    }
}
