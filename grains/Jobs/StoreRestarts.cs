using System.Globalization;
using Quiver.Core.Consistency;
using Quiver.Core.Resilience;

namespace Quiver.Grains.Jobs;

/// <summary>
/// Sees whether the vector store was restarted while a job wrote to it: then what the job has written is looked for, and the job's end tells
/// what is missing. A cluster of servers whose nodes take turns to answer looks like one that was restarted: that costs the same look, and
/// finds nothing. Nothing here fails a job.
/// </summary>
internal sealed class StoreRestarts(JobKey key, JobJournal journal, JobServices services, JobRetry steps, Action progressed)
{
    private const int DocumentsPerPage = 200;

    private readonly LostWrites _losses = new(services.Ledger, services.Store);

    /// <summary>Notes which process takes the job's points, unless an earlier activation did.</summary>
    public async Task NoteAsync(CancellationToken cancellationToken)
    {
        if (journal.Require().StoreInstance is null && await AskAsync(cancellationToken) is { } instance)
        {
            await journal.UpdateAsync(present => present with { StoreInstance = instance });
        }
    }

    /// <summary>What whoever asked for the job must know; null for nothing.</summary>
    public async Task<string?> WarnAsync(CollectionBinding binding, CancellationToken cancellationToken)
    {
        var job = journal.Require();
        if (job.StoreInstance is not { } before || await AskAsync(cancellationToken) is not { } now || now == before)
        {
            return null;
        }

        JobLog.StoreRestarted(services.Logger, key);
        List<string> doubts = [];
        try
        {
            var lost = await CountAsync(binding, job.Generation, cancellationToken);
            if (lost > 0)
            {
                doubts.Add(lost == 1 ? "points of 1 document are missing" : string.Create(CultureInfo.InvariantCulture, $"points of {lost} documents are missing"));
            }

            if (job.Counters.PointsDeleted > 0 && await steps.RunAsync("Counting the vector store's points", token => _losses.HasSurplusAsync(binding, token), cancellationToken))
            {
                doubts.Add("points that the job had deleted may be back");
            }
        }
        catch (QuiverException e)
        {
            doubts.Add($"what has become of the job's last writes could not be found out ({e.Message.TrimEnd('.')})");
        }

        return doubts.Count == 0
            ? null
            : $"The vector store was restarted while the job ran: {string.Join(", and ", doubts)}. Run 'quiver collections verify {job.Spec.Collection} --repair', then submit the job again.";
    }

    private async Task<long> CountAsync(CollectionBinding binding, long generation, CancellationToken cancellationToken)
    {
        var lost = 0L;
        string? after = null;
        do
        {
            var from = after;
            var documents = await steps.RunAsync("Reading the ledger", token => services.Ledger.ListAsync(binding.Key, from, DocumentsPerPage, token), cancellationToken);
            var missing = new HashSet<string>(StringComparer.Ordinal);
            foreach (var points in LostWrites.PointsOf(binding.Key, documents, generation).Chunk(LostWrites.PointsPerStep))
            {
                missing.UnionWith(await steps.RunAsync("Looking for what the vector store has lost", token => _losses.FindAsync(binding, points, generation, token), cancellationToken));
                progressed();
            }

            lost += missing.Count;
            after = documents.Count == DocumentsPerPage ? documents[^1].Id : null;
            progressed();
        }
        while (after is not null);
        return lost;
    }

    /// <summary>Null where the store does not tell, for whatever reason.</summary>
    private async Task<string?> AskAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await steps.RunAsync("Asking the vector store which process it is", services.Store.FindInstanceAsync, cancellationToken);
        }
        catch (QuiverException e)
        {
            JobLog.StoreInstanceUnknown(services.Logger, e, key);
            return null;
        }
    }
}
