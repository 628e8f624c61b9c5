namespace Quiver.Grains.Jobs;

/// <summary>Whether this silo may work on jobs, and on how many it does. Thread-safe.</summary>
public sealed class JobLifetime : IDisposable
{
    private readonly CancellationTokenSource _draining = new();
    private readonly Lock _lock = new();
    private TaskCompletionSource _idle = CompletedSource();
    private int _active;

    /// <summary>A lifetime in which no job ever starts: for silos that only read.</summary>
    public static JobLifetime Closed()
    {
        var lifetime = new JobLifetime();
        lifetime._draining.Cancel();
        return lifetime;
    }

    /// <summary>Cancelled when no new batch may start any more.</summary>
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

    /// <summary>No job starts any more; those at work finish their batches in flight and checkpoint. For good.</summary>
    /// <param name="timeout">How long to wait for them; more than 0.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="TimeoutException">Some are still at work.</exception>
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

    /// <summary>A job's work begins.</summary>
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

    /// <summary>A job's work ended.</summary>
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
