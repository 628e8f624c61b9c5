using System.Globalization;
using Quiver.Core.Ledger;
using Quiver.Core.Resilience;
using Quiver.Core.Vectors;

namespace Quiver.Core.Consistency;

/// <summary>
/// Detects a restart of the vector store during a job, and then searches for points that the restart lost. In a cluster whose nodes answer in
/// turn, a change of nodes looks like a restart: it costs the same search and finds nothing.
/// </summary>
/// <param name="ledger">The ledger.</param>
/// <param name="store">The vector store.</param>
/// <param name="steps">Retries each request.</param>
/// <param name="progressed">Called after each step.</param>
internal sealed class StoreRestartCheck(IDocumentLedger ledger, IVectorStore store, JobRetry steps, Action progressed)
{
    private const int DocumentsPerPage = 200;

    private readonly LostPointFinder _finder = new(ledger, store);

    /// <summary>Returns the id of the store's process; null if the store has none.</summary>
    /// <exception cref="QuiverException">The store does not answer.</exception>
    public Task<string?> FindInstanceAsync(CancellationToken cancellationToken) =>
        steps.RunAsync("Asking the vector store which process it is", store.FindInstanceAsync, cancellationToken);

    /// <summary>Describes what a restart during the job lost; null when it lost nothing. Never fails because of the store or the ledger.</summary>
    /// <param name="binding">The collection.</param>
    /// <param name="generation">The job's generation.</param>
    /// <param name="hasDeleted">Whether the job deleted points.</param>
    /// <param name="cancellationToken">Stops between steps.</param>
    public async Task<string?> DescribeLossesAsync(CollectionBinding binding, long generation, bool hasDeleted, CancellationToken cancellationToken)
    {
        List<string> losses = [];
        try
        {
            var lost = await CountLostDocumentsAsync(binding, generation, cancellationToken);
            if (lost > 0)
            {
                losses.Add(lost == 1 ? "points of 1 document are missing" : string.Create(CultureInfo.InvariantCulture, $"points of {lost} documents are missing"));
            }

            if (hasDeleted && await steps.RunAsync("Counting the vector store's points", token => _finder.HasSurplusAsync(binding, token), cancellationToken))
            {
                losses.Add("points that the job had deleted may be back");
            }
        }
        catch (QuiverException exception)
        {
            losses.Add($"the job's last writes could not be checked ({exception.Message.TrimEnd('.')})");
        }

        return losses.Count == 0
            ? null
            : $"The vector store was restarted while the job ran: {string.Join(", and ", losses)}. Run 'quiver collections verify {binding.Key.Collection} --repair' (POST /v1/collections/{binding.Key.Collection}/verify?repair=true), then submit the job again.";
    }

    private async Task<long> CountLostDocumentsAsync(CollectionBinding binding, long generation, CancellationToken cancellationToken)
    {
        var lost = 0L;
        string? after = null;
        do
        {
            var from = after;
            var documents = await steps.RunAsync(
                "Reading the ledger", token => ledger.ListAsync(binding.Key, from, DocumentsPerPage, token), cancellationToken);
            var missing = new HashSet<string>(StringComparer.Ordinal);
            foreach (var points in LostPointFinder.PointsOf(binding.Key, documents, generation).Chunk(PointIds.PerPage))
            {
                missing.UnionWith(await steps.RunAsync(
                    "Searching the vector store for lost points", token => _finder.FindAsync(binding, points, generation, token), cancellationToken));
                progressed();
            }

            lost += missing.Count;
            after = documents.Count == DocumentsPerPage ? documents[^1].Id : null;
            progressed();
        }
        while (after is not null);
        return lost;
    }
}
