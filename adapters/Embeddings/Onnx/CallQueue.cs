namespace Quiver.Adapters.Embeddings.Onnx;

/// <summary>
/// Who computes next: the calls take turns run by run, and single texts go first, but never more than a few in a row. So a large call
/// delays nobody by more than a run. Thread-safe; the caller bounds the number of calls.
/// </summary>
internal sealed class CallQueue
{
    private const int MaxUrgentInARow = 4;

    private readonly object _gate = new();
    private readonly Queue<EmbeddingCall> _urgent = new();
    private readonly Queue<EmbeddingCall> _others = new();
    private int _urgentInARow;
    private bool _closed;

    /// <summary>Adds a call, or puts one back that has more to do.</summary>
    /// <exception cref="ObjectDisposedException">The queue is closed.</exception>
    public void Add(EmbeddingCall call)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_closed, this);
            (call.IsUrgent ? _urgent : _others).Enqueue(call);
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>Waits for a call that has something to do; to be put back by the taker when it has more.</summary>
    /// <returns>Null when the queue is closed.</returns>
    public EmbeddingCall? Take()
    {
        lock (_gate)
        {
            while (!_closed)
            {
                if (_urgent.Count + _others.Count == 0)
                {
                    Monitor.Wait(_gate);
                }
                else if (Next() is { IsDone: false } call)
                {
                    return call;
                }
            }

            return null;
        }
    }

    /// <summary>Ends all waiting; gives the calls that nobody will serve.</summary>
    public IReadOnlyList<EmbeddingCall> Close()
    {
        lock (_gate)
        {
            _closed = true;
            EmbeddingCall[] left = [.. _urgent, .. _others];
            _urgent.Clear();
            _others.Clear();
            Monitor.PulseAll(_gate);
            return left;
        }
    }

    private EmbeddingCall Next()
    {
        if (_urgent.Count > 0 && (_urgentInARow < MaxUrgentInARow || _others.Count == 0))
        {
            _urgentInARow++;
            return _urgent.Dequeue();
        }

        _urgentInARow = 0;
        return _others.Dequeue();
    }
}
