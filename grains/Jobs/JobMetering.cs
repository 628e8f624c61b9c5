using Quiver.Core.Jobs;
using Quiver.GrainInterfaces.Workers;

namespace Quiver.Grains.Jobs;

/// <summary>
/// Reads the usage meters of a job's workers. Each successful batch brings a reading; the usage of failed, abandoned and late requests is read
/// when the run is over.
/// </summary>
internal sealed class JobMetering(JobKey key, JobServices services, WorkerSlots workers)
{
    private readonly Dictionary<Guid, int> _inFlight = [];
    private JobUsage _usage = JobUsage.None;

    /// <summary>Whether requests in flight may still add usage.</summary>
    public bool IsOpen => _inFlight.Values.Any(static count => count > 0);

    public void Record(UsageReading? reading)
    {
        if (reading is not null)
        {
            _usage = _usage.With(reading);
            _inFlight[reading.Meter] = reading.InFlight;
        }
    }

    /// <summary>Reads the meters of the silos that host the job's workers. Never throws.</summary>
    public Task ReadAsync()
    {
        // Meters of silos that are gone do not count as open.
        _inFlight.Clear();
        return Task.WhenAll(workers.All.Select(ReadAsync));
    }

    /// <summary>Returns the job with the usage that was read; the same instance when nothing is new.</summary>
    public JobRecord Into(JobRecord job)
    {
        var usage = job.Usage.With(_usage);
        return ReferenceEquals(usage, job.Usage) ? job : job with { Usage = usage };
    }

    /// <summary>Reads the meters and saves new usage.</summary>
    public async Task SaveAsync(JobJournal journal)
    {
        await ReadAsync();
        if (!journal.IsBroken && journal.Job is not null)
        {
            await journal.UpdateAsync(Into);
        }
    }

    private async Task ReadAsync(IEmbeddingWorkerGrain worker)
    {
        try
        {
            Record(await worker.ReadUsageAsync(key));
        }
        catch (Exception exception)
        {
            JobLog.NotMetered(services.Logger, exception, key);
        }
    }
}
