using Quiver.Pipeline.Ledger;
using Quiver.Pipeline.Vectors;

namespace Quiver.Pipeline.Jobs;

/// <summary>Deletes the documents that a mirrored source no longer has, once everything that it has is stored. Repeating it is harmless.</summary>
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
        foreach (var origin in origins)
        {
            var stale = await ledger.ListStaleAsync(binding.Key, origin, generation, DocumentsPerStep, cancellationToken);
            if (stale.Count > 0)
            {
                var points = 0L;
                foreach (var document in stale)
                {
                    points += await DeletePointsAsync(binding, document, cancellationToken);
                }

                await ledger.DeleteAsync(binding.Key, [.. stale.Select(document => document.Id)], cancellationToken);
                return new JobCounters { Deleted = stale.Count, PointsDeleted = points };
            }
        }

        return JobCounters.Zero;
    }

    private async Task<long> DeletePointsAsync(CollectionBinding binding, DocumentRecord document, CancellationToken cancellationToken)
    {
        var deleted = 0L;
        for (var start = 0; start < document.ChunkCount; start += PointsPerRequest)
        {
            Guid[] ids = [.. Enumerable.Range(start, Math.Min(PointsPerRequest, document.ChunkCount - start)).Select(chunk => PointId.Create(binding.Key, document.Id, chunk))];
            deleted += await store.DeleteAsync(binding.PhysicalCollection, binding.Key, ids, cancellationToken);
        }

        return deleted;
    }
}
