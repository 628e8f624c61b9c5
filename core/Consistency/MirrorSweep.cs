
using Quiver.Core.Ledger;
using Quiver.Core.Vectors;

namespace Quiver.Core.Consistency;

/// <summary>
/// Deletes the documents that a mirrored source no longer has, once everything that it has is stored. Repeating it is harmless. A newer
/// job may find such a document again at any moment: so documents lose their hash first, only points of older generations are deleted,
/// and a document is forgotten only when nobody has touched it since. A stop in between leaves it unfinished, and never points without it.
/// </summary>
internal sealed class MirrorSweep(IDocumentLedger ledger, IVectorStore store)
{
    private const int DocumentsPerStep = 100;
    private const int PointsPerRequest = 1000;

    /// <summary>Deletes one step's worth.</summary>
    /// <param name="binding">The collection.</param>
    /// <param name="origins">The parts of the source that the job read.</param>
    /// <param name="generation">The job's generation: documents that it did not see have a lower one.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>What was deleted; zero documents when nothing is left.</returns>
    public async Task<JobCounters> StepAsync(CollectionBinding binding, ImmutableArray<string> origins, long generation, CancellationToken cancellationToken)
    {
        var points = 0L;
        foreach (var origin in origins)
        {
            while (await ledger.ClaimStaleAsync(binding.Key, origin, generation, DocumentsPerStep, cancellationToken) is { Count: > 0 } stale)
            {
                foreach (var document in stale)
                {
                    points += await DeletePointsAsync(binding, document, generation, cancellationToken);
                }

                // None forgotten means that all of them were taken meanwhile, and says nothing about the next.
                var forgotten = await ledger.DeleteStaleAsync(binding.Key, [.. stale.Select(document => document.Id)], generation, cancellationToken);
                if (forgotten > 0)
                {
                    return new JobCounters { Deleted = forgotten, PointsDeleted = points };
                }
            }
        }

        return new JobCounters { PointsDeleted = points };
    }

    private async Task<long> DeletePointsAsync(CollectionBinding binding, DocumentRecord document, long generation, CancellationToken cancellationToken)
    {
        var deleted = 0L;
        for (var start = 0; start < document.ChunkCount; start += PointsPerRequest)
        {
            Guid[] ids = [.. Enumerable.Range(start, Math.Min(PointsPerRequest, document.ChunkCount - start)).Select(chunk => PointId.Create(binding.Key, document.Id, chunk))];
            deleted += await store.DeleteOlderAsync(binding.PointScope, ids, generation, cancellationToken);
        }

        return deleted;
    }
}
