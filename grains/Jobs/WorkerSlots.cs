using Quiver.GrainInterfaces.Workers;

namespace Quiver.Grains.Jobs;

/// <summary>
/// The workers of a job: each has one batch at a time, and there are as many as the job had concurrent batches. They are used in turn, so a batch
/// that failed on an isolated silo goes to another one next. Thread-safe.
/// </summary>
internal sealed class WorkerSlots(JobKey job, IGrainFactory grains)
{
    private readonly Lock _lock = new();
    private readonly Queue<int> _free = [];
    private int _slots;

    /// <summary>All workers that were used so far, idle ones included.</summary>
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

    /// <summary>Uses a worker exclusively.</summary>
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
            // The worker may still be busy: the next call would wait behind that one.
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
