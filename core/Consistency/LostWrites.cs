
using Quiver.Core.Ledger;
using Quiver.Core.Vectors;

namespace Quiver.Core.Consistency;

/// <summary>Finds what a job has written, and the vector store acknowledged, and is not there any more. Reads only.</summary>
internal sealed class LostWrites(IDocumentLedger ledger, IVectorStore store)
{
    /// <summary>The most points of one question.</summary>
    public const int PointsPerStep = 1000;

    /// <summary>The points that the job has written, or another one since.</summary>
    /// <param name="scope">The collection.</param>
    /// <param name="documents">What the ledger has of it.</param>
    /// <param name="generation">The job's.</param>
    public static IEnumerable<WrittenPoint> PointsOf(CollectionKey scope, IEnumerable<DocumentRecord> documents, long generation) =>
        documents
            .Where(document => document.ContentHash is not null && (document.Generation > generation || (document.Generation == generation && document.Epoch > 0)))
            .SelectMany(document => Enumerable.Range(0, document.ChunkCount)
                .Select(chunk => new WrittenPoint(document.Id, PointId.Create(scope, document.Id, chunk), document.Generation == generation)));

    /// <summary>The documents that lack points.</summary>
    /// <param name="binding">The collection.</param>
    /// <param name="points">At most <see cref="PointsPerStep"/>.</param>
    /// <param name="generation">The job's.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<IReadOnlySet<string>> FindAsync(CollectionBinding binding, IReadOnlyList<WrittenPoint> points, long generation, CancellationToken cancellationToken)
    {
        // A point that it had replaced counts as lost too: what came back is what was there before.
        var own = points.Where(point => point.IsOwn).Select(point => point.Id).ToList();
        var others = points.Where(point => !point.IsOwn).Select(point => point.Id).ToList();
        var there = new HashSet<Guid>();
        if (own.Count > 0)
        {
            there.UnionWith(await store.FindWrittenAsync(binding.PhysicalCollection, binding.Key, own, generation, cancellationToken));
        }

        if (others.Count > 0)
        {
            there.UnionWith(await store.FindExistingAsync(binding.PhysicalCollection, binding.Key, others, cancellationToken));
        }

        return points.Where(point => !there.Contains(point.Id)).Select(point => point.Document).ToHashSet();
    }

    /// <summary>Whether the vector store has more points of the collection than the ledger knows of.</summary>
    public async Task<bool> HasSurplusAsync(CollectionBinding binding, CancellationToken cancellationToken) =>
        await store.CountAsync(binding.PhysicalCollection, binding.Key, cancellationToken) > (await ledger.CountAsync(binding.Key, cancellationToken)).Chunks;
}
