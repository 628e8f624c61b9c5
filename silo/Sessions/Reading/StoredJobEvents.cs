using System.Runtime.CompilerServices;
using Quiver.Core.Jobs;
using Quiver.Core.Ledger;
using Quiver.Silo.DataDirectory;

namespace Quiver.Silo.Sessions.Reading;

/// <summary>Follows a job by polling the stored events while another process runs the directory's jobs.</summary>
internal sealed class StoredJobEvents(string directory, ILedger ledger, StoredStates states, TimeProvider time)
{
    private const int PageSize = 500;
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(250);

    /// <summary>The events after a sequence number, until the job is final or no process works on it.</summary>
    /// <exception cref="NotFoundException">With <see cref="ErrorCodes.UnknownJob"/>.</exception>
    public async IAsyncEnumerable<JobEvent> ReadAsync(JobKey job, long after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            // Before the job is read: a process that ends in between has written its last state by then.
            states.JobsRun = (await DataDirectoryLock.FindHolderAsync(directory, cancellationToken))?.RunsJobs is true;
            var record = await states.GetRecordAsync(job, cancellationToken);
            await foreach (var item in ReadStoredAsync(job, record, after, cancellationToken))
            {
                after = item.Sequence;
                yield return item;
            }

            if (!states.JobsRun || (record.State.IsFinal() && after >= record.LastEventSequence))
            {
                yield break;
            }

            await Task.Delay(PollInterval, time, cancellationToken);
        }
    }

    /// <summary>The events of the ledger, then those that the job has not yet written to it.</summary>
    private async IAsyncEnumerable<JobEvent> ReadStoredAsync(
        JobKey job, JobRecord record, long after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        IReadOnlyList<JobEvent> page;
        do
        {
            page = await ledger.ReadEventsAsync(job, after, PageSize, cancellationToken);
            foreach (var item in page)
            {
                after = item.Sequence;
                yield return item;
            }
        }
        while (page.Count == PageSize);

        foreach (var item in record.Outbox.Where(item => item.Sequence > after).OrderBy(item => item.Sequence))
        {
            yield return item;
        }
    }
}
