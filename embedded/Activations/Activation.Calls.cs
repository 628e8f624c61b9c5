using Orleans;
using Orleans.Runtime;
using Orleans.Storage;
using Quiver.Embedded.Calls;
using Quiver.Embedded.Hosting;
using Quiver.Embedded.Scheduling;

namespace Quiver.Embedded.Activations;

/// <summary>How an activation takes calls.</summary>
internal sealed partial class Activation
{
    internal override bool TryPost(GrainCall call)
    {
        var activate = false;
        lock (_gate)
        {
            if (_phase == ActivationPhase.Dead) return false;
            call.Callee = this;
            if (_phase == ActivationPhase.Active && _deactivation is null && _calls.WaitingCount < Silo.Options.MaxQueuedCalls)
            {
                if (_calls.Admit(call)) _scheduler.Enqueue(call);
                return true;
            }

            if (_calls.WaitingCount >= Silo.Options.MaxQueuedCalls)
            {
                call.Fail(new LimitExceededException($"{GrainId} has {_calls.WaitingCount} waiting calls; {call.Method.Name} is refused."));
                return true;
            }

            _calls.Hold(call);
            if (_phase == ActivationPhase.New)
            {
                _phase = ActivationPhase.Activating;
                activate = true;
            }
        }

        if (activate) _scheduler.Enqueue(new AsyncTurn(ActivateAsync));
        return true;
    }

    /// <summary>Ends a running call; called in the activation's turn.</summary>
    /// <param name="call">The call.</param>
    /// <param name="error">What left the grain, or null.</param>
    internal void Finish(GrainCall call, Exception? error)
    {
        if (error is not null) OnCallFailed(call, error);
        bool idle, quiet;
        lock (_gate)
        {
            _calls.Finish(call);
            if (call.Method.CountsAsUse) _lastUse = Silo.Clock.Now;
            StartWaiting();
            quiet = _deactivation is not null;
            idle = !quiet && _calls.RunningCount == 0;
        }

        if (quiet) DeactivateWhenQuiet();
        else if (idle) _owner.OnIdle(this);
    }

    internal override void SweepDeadlines(long now)
    {
        List<GrainCall>? overdue = null;
        lock (_gate)
        {
            if (_calls.RunningCount + _calls.WaitingCount > 0) overdue = [.. _calls.Overdue(now)];
        }

        foreach (var call in overdue ?? []) EmbeddedSilo.FailOverdue(call, GrainId);
    }

    internal override void FailWaiting(Predicate<GrainCall> which, Exception error)
    {
        List<GrainCall> calls;
        lock (_gate)
        {
            calls = _calls.TakeWaiting();
            foreach (var call in calls)
            {
                if (!which(call)) _calls.Hold(call);
            }
        }

        foreach (var call in calls)
        {
            if (which(call)) call.Fail(error);
        }
    }

    private void StartWaiting()
    {
        if (_phase != ActivationPhase.Active || _deactivation is not null) return;
        while (_calls.TakeStartable() is { } next) _scheduler.Enqueue(next);
    }

    private void OnCallFailed(GrainCall call, Exception error)
    {
        if (call.Method.OneWay) Silo.Log.OneWayFailed(call.Method.Name, GrainId, error);
        if (error is InconsistentStateException && ReferenceEquals(error, _conflict))
            Deactivate(new(DeactivationReasonCode.ApplicationError, error, "A write met a record that this activation had not read."));
    }
}
