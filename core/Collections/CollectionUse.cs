
using Quiver.Core.Ledger;

namespace Quiver.Core.Collections;

/// <summary>Tells whether jobs may still write to a collection.</summary>
internal sealed class CollectionUse(IJobLedger ledger)
{
    private static readonly ImmutableArray<JobState> Unfinished = [JobState.Queued, JobState.Running, JobState.Paused];

    /// <summary>Refuses while a job is unfinished.</summary>
    /// <param name="key">The collection.</param>
    /// <param name="purpose">What must wait, such as "deleted".</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ConflictException">With <see cref="ErrorCodes.CollectionInUse"/>.</exception>
    public async Task RequireNoneAsync(CollectionKey key, string purpose, CancellationToken cancellationToken)
    {
        foreach (var unfinished in Unfinished)
        {
            var jobs = await ledger.ListJobsAsync(key.Tenant, new JobListRequest { State = unfinished, Collection = key.Collection, Limit = 1 }, cancellationToken);
            if (!jobs.Items.IsEmpty)
            {
                throw new ConflictException(
                    ErrorCodes.CollectionInUse,
                    $"Job {jobs.Items[0].Id} is {unfinished.InWords()} and works on collection {key.Collection}: cancel it, or wait for its end, before the collection is {purpose}.");
            }
        }
    }
}
