namespace Quiver.Core.Tenants;

/// <summary>A tenant's admitted and waiting jobs. Immutable; bounded by the limits given to each step.</summary>
public sealed record AdmissionQueue
{
    /// <summary>Admitted jobs.</summary>
    public ImmutableArray<JobId> Running { get; init; } = [];

    /// <summary>Waiting jobs, the next first.</summary>
    public ImmutableArray<JobId> Waiting { get; init; } = [];

    /// <summary>Admits a job or queues it. Repeating a request changes nothing.</summary>
    /// <param name="job">The job.</param>
    /// <param name="maxRunning">The limit of running jobs.</param>
    /// <param name="maxWaiting">The limit of waiting jobs.</param>
    /// <param name="admitted">Whether the job is admitted.</param>
    /// <exception cref="ConflictException">With <see cref="ErrorCodes.QueueFull"/>.</exception>
    public AdmissionQueue Request(JobId job, int maxRunning, int maxWaiting, out bool admitted)
    {
        admitted = Running.Contains(job);
        if (admitted)
        {
            return this;
        }

        var position = Waiting.IndexOf(job);
        if (position < 0 && Running.Length < maxRunning && Waiting.IsEmpty)
        {
            admitted = true;
            return this with { Running = Running.Add(job) };
        }

        if (position >= 0 && Running.Length + position < maxRunning)
        {
            // All jobs before it fit as well, so it need not wait for their requests.
            admitted = true;
            return this with { Running = Running.Add(job), Waiting = Waiting.RemoveAt(position) };
        }

        if (position >= 0)
        {
            return this;
        }

        return Waiting.Length < maxWaiting
            ? this with { Waiting = Waiting.Add(job) }
            : throw new ConflictException(
                ErrorCodes.QueueFull,
                $"The tenant's queued-job limit is reached ({Waiting.Length}): wait until a job ends, or cancel one.");
    }

    /// <summary>Removes a job and admits the next ones in order.</summary>
    /// <param name="job">The job.</param>
    /// <param name="maxRunning">The limit of running jobs.</param>
    /// <param name="admitted">The jobs that this step admitted.</param>
    public AdmissionQueue Release(JobId job, int maxRunning, out ImmutableArray<JobId> admitted)
    {
        var running = Running.Remove(job);
        var waiting = Waiting.Remove(job);
        var free = Math.Clamp(maxRunning - running.Length, 0, waiting.Length);
        admitted = waiting[..free];
        return this with { Running = [.. running, .. admitted], Waiting = waiting[free..] };
    }
}
