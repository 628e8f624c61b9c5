namespace Quiver.Pipeline.Embedding.Providers;

/// <summary>
/// Bounds how many batches of a job are at the model at a time, so that others of the same job can be cut or stored meanwhile: a job keeps a
/// service as busy as it may, however long storing takes. Thread-safe; holds nothing of jobs that have no batch here.
/// </summary>
internal sealed class ModelGate
{
    private readonly Lock _lock = new();
    private readonly Dictionary<JobKey, Places> _jobs = [];

    /// <summary>Does something at the model when there is a place.</summary>
    /// <param name="job">Whose batch it is.</param>
    /// <param name="most">Places of the job.</param>
    /// <param name="work">What to do there.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async Task<T> RunAsync<T>(JobKey job, int most, Func<Task<T>> work, CancellationToken cancellationToken)
    {
        var places = Join(job, most);
        try
        {
            await places.Free.WaitAsync(cancellationToken);
            try
            {
                return await work();
            }
            finally
            {
                places.Free.Release();
            }
        }
        finally
        {
            Leave(job, places);
        }
    }

    private Places Join(JobKey job, int most)
    {
        lock (_lock)
        {
            if (!_jobs.TryGetValue(job, out var places))
            {
                _jobs[job] = places = new Places(new SemaphoreSlim(most));
            }

            places.Users++;
            return places;
        }
    }

    private void Leave(JobKey job, Places places)
    {
        lock (_lock)
        {
            if (--places.Users == 0)
            {
                _jobs.Remove(job);
                places.Free.Dispose();
            }
        }
    }

    private sealed class Places(SemaphoreSlim free)
    {
        public SemaphoreSlim Free { get; } = free;

        public int Users { get; set; }
    }
}
