using Quiver.Core.Jobs;
using Quiver.GrainInterfaces.Workers;

namespace Quiver.Grains.Jobs;

/// <summary>
/// Reads the meters of a job's workers: each batch that comes through brings a reading, and what failed, was given up or is answered late is
/// read when the run is over.
/// </summary>
internal sealed class JobMetering(JobKey key, JobServices services, WorkerSlots workers)
{
    private JobUsage _usage = JobUsage.None;
    private readonly Dictionary<Guid, int> _underWay = [];

    /// <summary>Whether an answer may still come that nobody waits for.</summary>
    public bool IsOpen => _underWay.Values.Any(static count => count > 0);

    public void Note(UsageReading? reading)
    {
        if (reading is not null)
        {
            _usage = _usage.With(reading);
            _underWay[reading.Meter] = reading.UnderWay;
        }
    }

    /// <summary>Reads the meters of the silos that the job's workers are on. Never throws.</summary>
    public Task ReadAsync()
    {
        // A silo that is gone answers nothing any more.
        _underWay.Clear();
        return Task.WhenAll(workers.All.Select(ReadAsync));
    }

    private async Task ReadAsync(IEmbeddingWorkerGrain worker)
    {
        try
        {
            Note(await worker.ReadUsageAsync(key));
        }
        catch (Exception e)
        {
            JobLog.NotMetered(services.Logger, e, key);
        }
    }

    /// <summary>The job with what was read; the same when nothing is new.</summary>
    public JobRecord Into(JobRecord job)
    {
        var usage = job.Usage.With(_usage);
        return ReferenceEquals(usage, job.Usage) ? job : job with { Usage = usage };
    }

    /// <summary>Reads, and makes durable what is new.</summary>
    public async Task SaveAsync(JobJournal journal)
    {
        await ReadAsync();
        if (!journal.IsBroken && journal.Job is not null)
        {
            await journal.UpdateAsync(Into);
        }
    }
}
