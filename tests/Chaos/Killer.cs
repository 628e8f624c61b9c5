using Quiver.Client;
using Quiver.Tests.Support;

namespace Quiver.Tests.Chaos;

/// <summary>Kills processes at random moments.</summary>
internal sealed class Killer(Random random)
{
    private readonly TimeProvider _time = TimeProvider.System;

    /// <summary>Kills a process at a random moment within a span from now on, and waits for its end.</summary>
    public async Task KillWithinAsync(QuiverProcess process, TimeSpan span)
    {
        await using (_time.CreateTimer(_ => process.Kill(), null, span * random.NextDouble(), Timeout.InfiniteTimeSpan))
        {
            await process.ExitAsync();
        }
    }

    /// <summary>Waits until a job has committed a document, as its events tell.</summary>
    /// <returns>The event; null when the job ended before.</returns>
    public static async Task<JobEvent?> CommittedAsync(IQuiverClient client, JobId job, long index)
    {
        await foreach (var change in client.WatchJobAsync(job, 0, TestContext.Current.CancellationToken))
        {
            if (change.LastCommittedIndex >= index)
            {
                return change.State.IsFinal() ? null : change;
            }
        }

        return null;
    }

    /// <summary>Waits until a job is at its end.</summary>
    public static async Task<JobReport> EndedAsync(IQuiverClient client, JobId job)
    {
        await foreach (var change in client.WatchJobAsync(job, 0, TestContext.Current.CancellationToken))
        {
            if (change.State.IsFinal())
            {
                break;
            }
        }

        return await client.GetReportAsync(job, TestContext.Current.CancellationToken);
    }
}
