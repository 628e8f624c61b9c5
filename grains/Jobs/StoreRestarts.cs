using Quiver.Pipeline.Jobs;

namespace Quiver.Grains.Jobs;

/// <summary>
/// Sees whether the vector store was restarted while a job wrote to it. Then what the job has written is looked for, and what was lost is
/// stored again; a store that goes on losing writes ends the job with a warning. A cluster of servers whose nodes take turns to answer looks
/// like one that was restarted: that costs the same look, and finds nothing.
/// </summary>
internal sealed class StoreRestarts(JobKey key, JobJournal journal, JobServices services, StepRetry steps, Action progressed)
{
    private const int MaxRounds = 3;

    private readonly LostWrites _losses = new(services.Ledger, services.Store);

    /// <summary>Notes which process takes the job's points, unless an earlier activation did.</summary>
    public async Task NoteAsync(CancellationToken cancellationToken)
    {
        if (journal.Require().Store is null && await AskAsync(cancellationToken) is { } instance)
        {
            await journal.UpdateAsync(present => present with { Store = new() { Instance = instance } });
        }
    }

    /// <summary>True when points were lost, and the job is at its beginning again to store them.</summary>
    public async Task<bool> MustBeginAgainAsync(CollectionBinding binding, CancellationToken cancellationToken)
    {
        if (journal.Require().Store is not { } watch || await AskAsync(cancellationToken) is not { } instance || (instance == watch.Instance && !watch.Checking))
        {
            return false;
        }

        JobLog.StoreRestarted(services.Logger, key);

        // A check that was cut short has marked documents that this one does not count.
        var lost = (watch.Checking ? 1 : 0) + await CheckAsync(binding, cancellationToken);
        var again = lost > 0 && watch.Rounds < MaxRounds;
        var inDoubt = journal.Require().Counters.PointsDeleted > 0 && (lost > 0 || await steps.RunAsync("Counting the vector store's points", token => _losses.HasSurplusAsync(binding, token), cancellationToken));
        await journal.UpdateAsync(present => present.State.IsFinal() ? present : again ? BeginAgain(Settle(present, instance, 0, inDoubt), lost) : Settle(present, instance, lost, inDoubt));
        return again;
    }

    private async Task<long> CheckAsync(CollectionBinding binding, CancellationToken cancellationToken)
    {
        var job = await journal.UpdateAsync(present => present with { Store = present.Store! with { Checking = true } });
        var lost = 0L;
        string? after = null;
        do
        {
            var (next, documents) = await steps.RunAsync(
                "Looking for what the vector store has lost",
                token => _losses.StepAsync(binding, job.Generation, job.StartedAt ?? job.CreatedAt, after, token),
                cancellationToken);
            after = next;
            lost += documents;
            progressed();
        }
        while (after is not null);
        return lost;
    }

    private static JobRecord Settle(JobRecord job, string instance, long lost, bool inDoubt) => job with
    {
        Store = job.Store! with
        {
            Instance = instance,
            Checking = false,
            Lost = lost,
            DeletionsInDoubt = job.Store.DeletionsInDoubt || inDoubt,
        },
    };

    /// <summary>What is stored is found stored; deletions count once.</summary>
    private JobRecord BeginAgain(JobRecord job, long lost) =>
        (job.FromTheBeginning() with
        {
            Counters = new() { Deleted = job.Counters.Deleted, PointsDeleted = job.Counters.PointsDeleted, SourceChanges = job.Counters.SourceChanges },
            Store = job.Store! with { Rounds = job.Store.Rounds + 1 },
        })
        .WithEvent(
            JobEventKind.StateChanged,
            services.Time.GetUtcNow(),
            message: $"the vector store was restarted and had lost points of {lost} documents; going through the source again to store them");

    private Task<string?> AskAsync(CancellationToken cancellationToken) =>
        steps.RunAsync("Asking the vector store which process it is", services.Store.FindInstanceAsync, cancellationToken);
}
