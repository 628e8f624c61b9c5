using Quiver.GrainInterfaces.Workers;
using Quiver.Pipeline.Jobs;

namespace Quiver.Grains.Jobs;

/// <summary>
/// Reads the meters of a job's workers: each batch that comes through brings a reading, and what failed, was given up or is answered late is
/// read when the run is over.
/// </summary>
internal sealed class JobMetering(JobKey key, JobServices services, IGrainFactory grains)
{
    private JobUsage _usage = JobUsage.None;
    private int _underWay;

    /// <summary>Whether an answer may still come that nobody waits for.</summary>
    public bool IsOpen => _underWay > 0;

    public void Note(UsageReading? reading)
    {
        if (reading is not null)
        {
            _usage = _usage.With(reading);
            _underWay = reading.UnderWay;
        }
    }

    /// <summary>Reads the meter of this silo, where the job's workers are. Never throws.</summary>
    public async Task ReadAsync()
    {
        try
        {
            Note(await grains.GetGrain<IEmbeddingWorkerGrain>(0).ReadUsageAsync(key));
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
