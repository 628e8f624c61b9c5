using Quiver.GrainInterfaces.Workers;

namespace Quiver.Grains.Jobs;

/// <summary>
/// The workers of a job, each with one batch at a time, and no more of them than it ever had batches under way. They take turns, so that a batch
/// which failed at a silo that is cut off from something goes to another one next. Thread-safe.
/// </summary>
internal sealed class WorkerSlots(JobKey job, IGrainFactory grains)
{
    private readonly Lock _lock = new();
    private readonly Queue<int> _free = [];
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
    public async Task<T> UseAsync<T>(Func<IEmbeddingWorkerGrain, Task<T>> work)
    {
        var slot = Take();
        var busy = false;
        try
        {
            return await work(Worker(slot));
        }
        catch (TimeoutException)
        {
            // It may be at it still: who took it next would wait behind that.
            busy = true;
            throw;
        }
        finally
        {
            if (!busy)
            {
                Return(slot);
            }
        }
    }

    private IEmbeddingWorkerGrain Worker(int slot) => grains.GetGrain<IEmbeddingWorkerGrain>($"{job}/{slot}");

    private int Take()
    {
        lock (_lock)
        {
            return _free.TryDequeue(out var slot) ? slot : _slots++;
        }
    }

    private void Return(int slot)
    {
        lock (_lock)
        {
            _free.Enqueue(slot);
        }
    }
}
