using System.Collections.Concurrent;
using Quiver.Embedded.Activations;

namespace Quiver.Embedded.Scheduling;

/// <summary>
/// Runs the turns and continuations of one activation on the thread pool: one thread at a time, in the order in which they were queued.
/// Whatever an activation awaits continues here, because <see cref="TaskScheduler.Current"/> is this object during every turn.
/// </summary>
internal sealed class ActivationTaskScheduler(Activation? activation) : TaskScheduler, IThreadPoolWorkItem
{
    // After this long a busy activation goes to the back of the thread pool's queue, so that it does not starve others.
    private const long QuantumMilliseconds = 25;

    private const int ItemsBetweenClockReads = 32;

    private static readonly Action<object?> DrainAction = static self => ((ActivationTaskScheduler)self!).Drain();

    [ThreadStatic]
    private static ActivationTaskScheduler? _executing;

    private readonly ConcurrentQueue<object> _items = new();
    private int _scheduled;

    /// <inheritdoc/>
    public override int MaximumConcurrencyLevel => 1;

    /// <summary>The activation whose code is calling; null outside of grains.</summary>
    internal static Activation? CurrentActivation => (Current as ActivationTaskScheduler)?.Activation;

    /// <summary>Whose turns these are; null only in tests of the scheduler itself.</summary>
    internal Activation? Activation { get; } = activation;

    void IThreadPoolWorkItem.Execute()
    {
        _executing = this;
        // Turns that are not tasks need one around them, so that TaskScheduler.Current is this; one serves the whole burst.
        new Task(DrainAction, this).RunSynchronously(this);
        _executing = null;
        Interlocked.Exchange(ref _scheduled, 0);
        if (!_items.IsEmpty) Schedule();
    }

    /// <summary>Queues a turn.</summary>
    /// <param name="turn">The turn.</param>
    internal void Enqueue(ITurn turn)
    {
        _items.Enqueue(turn);
        Schedule();
    }

    /// <inheritdoc/>
    protected override void QueueTask(Task task)
    {
        _items.Enqueue(task);
        Schedule();
    }

    /// <inheritdoc/>
    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) =>
        !taskWasPreviouslyQueued && ReferenceEquals(_executing, this) && TryExecuteTask(task);

    /// <inheritdoc/>
    protected override IEnumerable<Task> GetScheduledTasks() => _items.OfType<Task>();

    private void Schedule()
    {
        if (Interlocked.CompareExchange(ref _scheduled, 1, 0) == 0) ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    private void Drain()
    {
        var started = Environment.TickCount64;
        for (var count = 1; _items.TryDequeue(out var item); count++)
        {
            if (item is ITurn turn) turn.Execute();
            else TryExecuteTask((Task)item);

            if (count % ItemsBetweenClockReads == 0 && Environment.TickCount64 - started >= QuantumMilliseconds) return;
        }
    }
}
