namespace Quiver.Core.Embedding.Providers;

/// <summary>
/// Bounds how many batches of a job are at the model at a time, so that others of the same job can be cut or stored meanwhile: a job keeps a
/// service as busy as it may, however long storing takes. Thread-safe; holds nothing of jobs that have no batch here.
/// </summary>
internal sealed class ModelGate
{
    private readonly Lock _lock = new();
    private readonly Dictionary<JobKey, Users> _jobs = [];

    /// <summary>Does something at the model when there is a place.</summary>
    /// <param name="job">Whose batch it is.</param>
    /// <param name="most">Places of the job.</param>
    /// <param name="work">What to do there.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async Task<T> RunAsync<T>(JobKey job, int most, Func<Task<T>> work, CancellationToken cancellationToken)
    {
        var users = Join(job, most);
        try
        {
            await users.Places.EnterAsync(cancellationToken);
            try
            {
                return await work();
            }
            finally
            {
                users.Places.Leave();
            }
        }
        finally
        {
            Leave(job, users);
        }
    }

    private Users Join(JobKey job, int most)
    {
        lock (_lock)
        {
            if (!_jobs.TryGetValue(job, out var users))
            {
                _jobs[job] = users = new Users(new ModelPlaces(most));
            }

            users.Count++;
            return users;
        }
    }

    private void Leave(JobKey job, Users users)
    {
        lock (_lock)
        {
            if (--users.Count == 0)
            {
                _jobs.Remove(job);
            }
        }
    }

    private sealed class Users(ModelPlaces places)
    {
        public ModelPlaces Places { get; } = places;

        public int Count { get; set; }
    }
}
