using Orleans;
using Orleans.Runtime;
using Quiver.Embedded.Calls;
using Quiver.Embedded.Hosting;

namespace Quiver.Embedded.Activations;

/// <summary>The activations of one key of a stateless worker: calls go to an idle one, then to a new one, then wait in one queue.</summary>
internal sealed class WorkerPool(EmbeddedSilo silo, GrainClass grainClass, GrainId grainId, ActivationTable table) : CallTarget, IActivationOwner
{
    private readonly Lock _gate = new();
    private readonly List<Activation> _workers = [];
    private readonly List<Activation> _idle = [];
    private readonly Queue<GrainCall> _waiting = new();
    private bool _ended;

    public void OnIdle(Activation activation)
    {
        GrainCall? next;
        lock (_gate)
        {
            next = TakeWaiting();
            if (next is null && !_idle.Contains(activation)) _idle.Add(activation);
        }

        if (next is not null && !activation.TryPost(next)) silo.Dispatch(next, grainId);
    }

    public void OnDead(Activation activation)
    {
        GrainCall? next;
        lock (_gate)
        {
            _workers.Remove(activation);
            _idle.Remove(activation);
            next = TakeWaiting();
            _ended = next is null && _workers.Count == 0;
        }

        if (_ended) table.Remove(grainId, this);
        if (next is not null) silo.Dispatch(next, grainId);
    }

    internal override bool TryPost(GrainCall call)
    {
        Activation worker;
        lock (_gate)
        {
            if (_ended) return false;
            if (_idle.Count > 0)
            {
                worker = _idle[^1];
                _idle.RemoveAt(_idle.Count - 1);
            }
            else if (_workers.Count < grainClass.MaxWorkers)
            {
                worker = new Activation(silo, grainClass, grainId, this);
                _workers.Add(worker);
            }
            else
            {
                if (_waiting.Count < silo.Options.MaxQueuedCalls) _waiting.Enqueue(call);
                else call.Fail(new LimitExceededException($"{grainId} has {_waiting.Count} waiting calls; {call.Method.Name} is refused."));
                return true;
            }
        }

        // A worker that ended in between has left the pool, so that the next attempt finds another.
        return worker.TryPost(call) || TryPost(call);
    }

    internal override void SweepDeadlines(long now)
    {
        GrainCall[] overdue;
        lock (_gate) overdue = [.. _waiting.Where(call => call.Deadline < now)];
        foreach (var call in overdue) EmbeddedSilo.FailOverdue(call, grainId);
        foreach (var worker in Workers()) worker.SweepDeadlines(now);
    }

    internal override void CollectIdle(long now)
    {
        foreach (var worker in Workers()) worker.CollectIdle(now);
    }

    internal override void FailWaiting(Predicate<GrainCall> which, Exception error)
    {
        GrainCall[] failing;
        lock (_gate) failing = [.. _waiting.Where(call => which(call))];
        foreach (var call in failing) call.Fail(error);
        foreach (var worker in Workers()) worker.FailWaiting(which, error);
    }

    internal override Task DeactivateAllAsync(DeactivationReason reason) =>
        Task.WhenAll(Workers().Select(worker => worker.DeactivateAllAsync(reason)));

    private Activation[] Workers()
    {
        lock (_gate) return [.. _workers];
    }

    private GrainCall? TakeWaiting()
    {
        while (_waiting.TryDequeue(out var call))
        {
            if (!call.IsSettled) return call;
        }

        return null;
    }
}
