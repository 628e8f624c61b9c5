using System.Runtime.CompilerServices;

namespace Quiver.Core.Resilience;

/// <summary>
/// Limits how many callers hold a slot of the same key at a time. Slots are handed over first come, first served. Keys without callers take
/// no memory. Thread-safe.
/// </summary>
/// <typeparam name="TKey">What the limit applies to.</typeparam>
/// <param name="handOverAsynchronously">
/// False (default): disposing a slot resumes the next waiter on the same thread, before the caller continues. Handed over through the thread
/// pool, a slot stays idle while other work is queued there. True: the next waiter resumes on the thread pool, for waiters that compute before
/// they first await.
/// </param>
public sealed class KeyedLimiter<TKey>(bool handOverAsynchronously = false)
    where TKey : notnull
{
    private readonly TaskCreationOptions _continuations =
        handOverAsynchronously ? TaskCreationOptions.RunContinuationsAsynchronously : TaskCreationOptions.None;
    private readonly Lock _lock = new();
    private readonly Dictionary<TKey, Entry> _entries = [];

    /// <summary>Takes a slot if one is free.</summary>
    /// <param name="key">The key.</param>
    /// <param name="limit">Slots of the key, 1 or more; the first call for a key decides until no caller holds or awaits a slot of it.</param>
    /// <returns>The slot, which the caller disposes; null when all are taken.</returns>
    public IDisposable? TryEnter(TKey key, int limit)
    {
        lock (_lock)
        {
            return TryTake(key, limit, out _) ? new Slot(this, key) : null;
        }
    }

    /// <summary>Waits for a slot.</summary>
    /// <param name="key">The key.</param>
    /// <param name="limit">Slots of the key, 1 or more; the first call for a key decides until no caller holds or awaits a slot of it.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>The slot, which the caller disposes.</returns>
    public async ValueTask<IDisposable> EnterAsync(TKey key, int limit, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        LinkedListNode<TaskCompletionSource> waiter;
        lock (_lock)
        {
            if (TryTake(key, limit, out var entry))
            {
                return new Slot(this, key);
            }

            waiter = entry.Waiters.AddLast(new TaskCompletionSource(_continuations));
        }

        using var registration = cancellationToken.UnsafeRegister(_ => Cancel(waiter, cancellationToken), null);
        await waiter.Value.Task;
        return new Slot(this, key);
    }

    private bool TryTake(TKey key, int limit, out Entry entry)
    {
        if (!_entries.TryGetValue(key, out entry!))
        {
            _entries.Add(key, entry = new Entry(limit));
        }

        if (entry.Taken >= entry.Limit)
        {
            return false;
        }

        entry.Taken++;
        return true;
    }

    private void Release(TKey key)
    {
        TaskCompletionSource next;
        lock (_lock)
        {
            var entry = _entries[key];
            if (entry.Waiters.First is not { } first)
            {
                if (--entry.Taken == 0)
                {
                    _entries.Remove(key);
                }

                return;
            }

            entry.Waiters.RemoveFirst();
            next = first.Value;
        }

        // A waiter that finishes at once releases its slot from inside this call, and so does the one behind it.
        if (RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            next.SetResult();
        }
        else
        {
            _ = Task.Run(next.SetResult);
        }
    }

    private void Cancel(LinkedListNode<TaskCompletionSource> waiter, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            // A waiter that already got its slot has to dispose it.
            if (waiter.List is not { } waiters)
            {
                return;
            }

            waiters.Remove(waiter);
        }

        // Outside of the lock: continuations run here.
        waiter.Value.SetCanceled(cancellationToken);
    }

    private sealed class Entry(int limit)
    {
        public int Limit => limit;

        public int Taken { get; set; }

        public LinkedList<TaskCompletionSource> Waiters { get; } = [];
    }

    private sealed class Slot(KeyedLimiter<TKey> limiter, TKey key) : IDisposable
    {
        private bool _released;

        public void Dispose()
        {
            if (!Interlocked.Exchange(ref _released, true))
            {
                limiter.Release(key);
            }
        }
    }
}
