using System.Collections.Concurrent;
using Quiver.GrainInterfaces.Workers;

namespace Quiver.Core.Embedding.Metering;

/// <summary>The meters of the jobs that a silo works for. Thread-safe.</summary>
/// <param name="time">The clock.</param>
public sealed class UsageMeters(TimeProvider time)
{
    private const int Many = 1024;

    // Longer than any request may take, and than a job waits before it reads again.
    private static readonly TimeSpan KeptIdle = TimeSpan.FromHours(1);

    private readonly ConcurrentDictionary<JobKey, UsageMeter> _meters = new();

    /// <summary>What a job has used so far.</summary>
    /// <param name="job">The job.</param>
    public UsageReading Read(JobKey job) => Of(job).Read();

    /// <summary>The meter of a job.</summary>
    /// <param name="job">The job.</param>
    internal UsageMeter Of(JobKey job)
    {
        if (_meters.TryGetValue(job, out var known))
        {
            return known;
        }

        if (_meters.Count >= Many)
        {
            ForgetIdle();
        }

        return _meters.GetOrAdd(job, _ => new UsageMeter(time));
    }

    private void ForgetIdle()
    {
        foreach (var meter in _meters.Where(entry => entry.Value.Idle > KeptIdle))
        {
            _meters.TryRemove(meter);
        }
    }
}
