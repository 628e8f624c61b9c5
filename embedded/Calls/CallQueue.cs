namespace Quiver.Embedded.Calls;

/// <summary>
/// The calls of one activation and the rule by which they take turns; not thread-safe, its activation locks.
/// Waiting calls start in order. Stricter than Orleans in one thing: a writer waits until every reader has ended, and readers do not overtake a waiting writer.
/// </summary>
/// <param name="reentrant">Every call interleaves.</param>
internal sealed class CallQueue(bool reentrant)
{
    private readonly Queue<GrainCall> _waiting = new();
    private readonly Queue<GrainCall> _waitingInterleaved = new();
    private readonly List<GrainCall> _running = [];
    private int _exclusive;
    private int _readers;

    internal int RunningCount => _running.Count;

    internal int WaitingCount => _waiting.Count + _waitingInterleaved.Count;

    /// <summary>Starts a call or lets it wait.</summary>
    /// <returns>True when it starts now.</returns>
    internal bool Admit(GrainCall call)
    {
        if ((_waiting.Count == 0 || call.Method.AlwaysInterleave) && MayStart(call))
        {
            Start(call);
            return true;
        }

        Hold(call);
        return false;
    }

    /// <summary>Lets a call wait.</summary>
    internal void Hold(GrainCall call) => (call.Method.AlwaysInterleave ? _waitingInterleaved : _waiting).Enqueue(call);

    /// <summary>Takes the next waiting call that may start; calls that were settled while they waited are dropped.</summary>
    internal GrainCall? TakeStartable() => TakeStartable(_waitingInterleaved) ?? TakeStartable(_waiting);

    /// <summary>Ends a running call.</summary>
    internal void Finish(GrainCall call)
    {
        var last = _running[^1];
        _running[call.RunningIndex] = last;
        last.RunningIndex = call.RunningIndex;
        _running.RemoveAt(_running.Count - 1);
        Count(call, -1);
    }

    /// <summary>Takes all waiting calls, in order.</summary>
    internal List<GrainCall> TakeWaiting()
    {
        List<GrainCall> calls = [.. _waitingInterleaved, .. _waiting];
        _waitingInterleaved.Clear();
        _waiting.Clear();
        return calls;
    }

    /// <summary>Calls whose deadline is before <paramref name="now"/>.</summary>
    internal IEnumerable<GrainCall> Overdue(long now) =>
        _running.Concat(_waiting).Concat(_waitingInterleaved).Where(call => call.Deadline < now && !call.IsSettled);

    private GrainCall? TakeStartable(Queue<GrainCall> queue)
    {
        while (queue.TryPeek(out var next))
        {
            var settled = next.IsSettled;
            if (!settled && !MayStart(next)) return null;
            queue.Dequeue();
            if (settled) continue;
            Start(next);
            return next;
        }

        return null;
    }

    private bool MayStart(GrainCall call) =>
        reentrant || call.Method.AlwaysInterleave || _exclusive == 0 || (call.Method.ReadOnly && _exclusive == _readers);

    private void Start(GrainCall call)
    {
        call.RunningIndex = _running.Count;
        _running.Add(call);
        Count(call, 1);
    }

    private void Count(GrainCall call, int change)
    {
        if (call.Method.AlwaysInterleave) return;
        _exclusive += change;
        if (call.Method.ReadOnly) _readers += change;
    }
}
