using Quiver.GrainInterfaces.Workers;

namespace Quiver.Grains.Jobs;

/// <summary>
/// The workers of a job, each with one batch at a time. The lowest free slot is taken first, so that a job has no more workers than it ever had
/// batches under way. Thread-safe.
/// </summary>
internal sealed class WorkerSlots(JobKey job, IGrainFactory grains)
{
    private readonly Lock _lock = new();
    private readonly SortedSet<int> _free = [];
    private int _slots;

    /// <summary>All workers that were used so far, whether or not they have work at the moment.</summary>
    public IReadOnlyList<IEmbeddingWorkerGrain> All
    {
        get
        {
            lock (_lock)
            {
                return [.. Enumerable.Range(0, _slots).Select(Worker)];
            }
        }
    }

    /// <summary>Does something with a worker that nobody else uses meanwhile.</summary>
    /// <param name="work">What to do.</param>
    public async Task<T> UseAsync<T>(Func<IEmbeddingWorkerGrain, Task<T>> work)
    {
        var slot = Take();
        try
        {
            return await work(Worker(slot));
        }
        finally
        {
            Return(slot);
        }
    }

    private IEmbeddingWorkerGrain Worker(int slot) => grains.GetGrain<IEmbeddingWorkerGrain>($"{job}/{slot}");

    private int Take()
    {
        lock (_lock)
        {
            if (_free.Count == 0)
            {
                return _slots++;
            }

            var slot = _free.Min;
            _free.Remove(slot);
            return slot;
        }
    }

    private void Return(int slot)
    {
        lock (_lock)
        {
            _free.Add(slot);
        }
    }
}
