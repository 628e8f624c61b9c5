namespace Quiver.Core.Ledger;

/// <summary>Checks whether jobs may still write to a collection.</summary>
internal sealed class CollectionUse(IJobLedger ledger)
{
    private static readonly ImmutableArray<JobState> Unfinished = [JobState.Queued, JobState.Running, JobState.Paused];

    /// <summary>Throws while an unfinished job uses the collection.</summary>
    /// <param name="key">The collection.</param>
    /// <param name="purpose">What must wait, such as "deleted".</param>
    /// <param name="cancellationToken">Stops the request.</param>
    /// <exception cref="ConflictException">With <see cref="ErrorCodes.CollectionInUse"/>.</exception>
    public async Task RequireNoneAsync(CollectionKey key, string purpose, CancellationToken cancellationToken)
    {
        foreach (var unfinished in Unfinished)
        {
            var request = new JobListRequest { State = unfinished, Collection = key.Collection, Limit = 1 };
            var jobs = await ledger.ListJobsAsync(key.Tenant, request, cancellationToken);
            if (!jobs.Items.IsEmpty)
            {
                throw new ConflictException(
                    ErrorCodes.CollectionInUse,
                    $"Job {jobs.Items[0].Id} is {unfinished.InWords()} and uses collection {key.Collection}: cancel it, or wait until it ends, before the collection is {purpose}.");
            }
        }
    }
}
