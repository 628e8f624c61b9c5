namespace Quiver.Grains.Jobs;

/// <summary>Tracks the jobs that this silo works on, and drains them when the silo stops. Thread-safe.</summary>
public sealed class JobLifetime : IDisposable
{
    private readonly CancellationTokenSource _draining = new();
    private readonly Lock _lock = new();
    private TaskCompletionSource _idle = CompletedSource();
    private int _active;

    /// <summary>Creates a lifetime in which no job starts, for silos that only read.</summary>
    public static JobLifetime Closed()
    {
        var lifetime = new JobLifetime();
        lifetime._draining.Cancel();
        return lifetime;
    }

    /// <summary>Cancelled when no new batch may start.</summary>
    public CancellationToken Draining => _draining.Token;

    /// <summary>Jobs that this silo works on.</summary>
    public int Active
    {
        get
        {
            lock (_lock)
            {
                return _active;
            }
        }
    }

    /// <summary>Starts no further jobs, and waits until running jobs have finished their batches in flight and checkpointed. Final.</summary>
    /// <param name="timeout">The maximum wait; more than 0.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="TimeoutException">Some jobs are still running.</exception>
    public async Task DrainAsync(TimeSpan timeout, TimeProvider time, CancellationToken cancellationToken = default)
    {
        await _draining.CancelAsync();
        Task idle;
        lock (_lock)
        {
            idle = _idle.Task;
        }

        await idle.WaitAsync(timeout, time, cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose() => _draining.Dispose();

    /// <summary>Registers a job that starts working.</summary>
    internal void Enter()
    {
        lock (_lock)
        {
            if (_active++ == 0)
            {
                _idle = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }
    }

    /// <summary>Unregisters a job.</summary>
    internal void Leave()
    {
        lock (_lock)
        {
            if (--_active == 0)
            {
                _idle.SetResult();
            }
        }
    }

    private static TaskCompletionSource CompletedSource()
    {
        var source = new TaskCompletionSource();
        source.SetResult();
        return source;
    }
}
