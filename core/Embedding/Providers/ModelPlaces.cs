using System.Runtime.CompilerServices;

namespace Quiver.Core.Embedding.Providers;

/// <summary>
/// So many places, handed on in the order in which they were asked for. Whoever leaves sends the next one on its way before it goes on itself:
/// handed over by way of the thread pool, a place stands empty while everything else that is queued there is done. Thread-safe.
/// </summary>
/// <param name="count">Places; 1 or more.</param>
internal sealed class ModelPlaces(int count)
{
    private readonly Lock _lock = new();
    private readonly LinkedList<TaskCompletionSource> _waiting = [];
    private int _free = count;

    /// <summary>Waits for a place.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async Task EnterAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (Join() is not { } place)
        {
            return;
        }

        using var giveUp = cancellationToken.UnsafeRegister(_ => GiveUp(place, cancellationToken), null);
        await place.Value.Task;
    }

    /// <summary>Gives the place to the next one who waits.</summary>
    public void Leave()
    {
        TaskCompletionSource next;
        lock (_lock)
        {
            if (_waiting.First is not { } first)
            {
                _free++;
                return;
            }

            _waiting.RemoveFirst();
            next = first.Value;
        }

        // Work that ends at once leaves from within the one before it, and so do all behind it.
        if (RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            next.SetResult();
        }
        else
        {
            _ = Task.Run(next.SetResult);
        }
    }

    /// <summary>Takes a place that is free, or a turn.</summary>
    private LinkedListNode<TaskCompletionSource>? Join()
    {
        lock (_lock)
        {
            if (_free == 0)
            {
                return _waiting.AddLast(new TaskCompletionSource());
            }

            _free--;
            return null;
        }
    }

    private void GiveUp(LinkedListNode<TaskCompletionSource> turn, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            // Who was given a place already has to leave it.
            if (turn.List is null)
            {
                return;
            }

            _waiting.Remove(turn);
        }

        // Whoever cancels does it for one after the other, outside of the lock.
        turn.Value.SetCanceled(cancellationToken);
    }
}
