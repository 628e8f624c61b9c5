namespace Quiver.Core.Tenants;

/// <summary>Which of a tenant's jobs may run and which wait, in order. Immutable; bounded by the limits given to each step.</summary>
public sealed record AdmissionQueue
{
    /// <summary>Jobs that have a turn.</summary>
    public ImmutableArray<JobId> Running { get; init; } = [];

    /// <summary>Jobs that wait, the next first.</summary>
    public ImmutableArray<JobId> Waiting { get; init; } = [];

    /// <summary>Gives a job a turn, or a place in the queue. Asking again changes nothing.</summary>
    /// <param name="job">The job.</param>
    /// <param name="maxRunning">Turns at a time.</param>
    /// <param name="maxWaiting">Places in the queue.</param>
    /// <param name="admitted">Whether the job has a turn.</param>
    /// <exception cref="ConflictException">With <see cref="ErrorCodes.QueueFull"/>.</exception>
    public AdmissionQueue Request(JobId job, int maxRunning, int maxWaiting, out bool admitted)
    {
        admitted = Running.Contains(job);
        if (admitted)
        {
            return this;
        }

        var place = Waiting.IndexOf(job);
        if (place < 0 && Running.Length < maxRunning && Waiting.IsEmpty)
        {
            admitted = true;
            return this with { Running = Running.Add(job) };
        }

        if (place >= 0 && Running.Length + place < maxRunning)
        {
            // There is room for all before it as well, so it need not wait until they have asked.
            admitted = true;
            return this with { Running = Running.Add(job), Waiting = Waiting.RemoveAt(place) };
        }

        if (place >= 0)
        {
            return this;
        }

        return Waiting.Length < maxWaiting
            ? this with { Waiting = Waiting.Add(job) }
            : throw new ConflictException(
                ErrorCodes.QueueFull,
                $"{Waiting.Length} jobs wait already, as many as may: wait for one to end, or cancel one.");
    }

    /// <summary>Takes a job out and gives its turn to the next in order.</summary>
    /// <param name="job">The job.</param>
    /// <param name="maxRunning">Turns at a time.</param>
    /// <param name="admitted">The jobs that have a turn now and had none before.</param>
    public AdmissionQueue Release(JobId job, int maxRunning, out ImmutableArray<JobId> admitted)
    {
        var running = Running.Remove(job);
        var waiting = Waiting.Remove(job);
        var free = Math.Clamp(maxRunning - running.Length, 0, waiting.Length);
        admitted = waiting[..free];
        return this with { Running = [.. running, .. admitted], Waiting = waiting[free..] };
    }
}
