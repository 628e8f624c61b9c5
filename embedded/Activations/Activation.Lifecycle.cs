using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Quiver.Embedded.Calls;
using Quiver.Embedded.Hosting;
using Quiver.Embedded.Scheduling;
using Quiver.Embedded.Timers;

namespace Quiver.Embedded.Activations;

/// <summary>How an activation begins and ends.</summary>
internal sealed partial class Activation
{
    internal override void CollectIdle(long now)
    {
        lock (_gate)
        {
            var busy = _phase != ActivationPhase.Active || _calls.RunningCount + _calls.WaitingCount > 0;
            if (busy || now < Volatile.Read(ref _keepUntil) || now - _lastUse < _class.CollectionAgeTicks(Silo.Options)) return;
        }

        Deactivate(new(DeactivationReasonCode.ActivationIdle, "Nobody called for as long as the collection age."));
    }

    internal override Task DeactivateAllAsync(DeactivationReason reason)
    {
        Deactivate(reason, Silo.StopToken);
        return Deactivated;
    }

    private async Task ActivateAsync()
    {
        try
        {
            using var timeout = new CancellationTokenSource(Silo.Options.ActivationTimeout, Silo.TimeProvider);
            _scope = Silo.Services.CreateAsyncScope();
            GrainInstance = ActivationConstruction.Run(this, _class.Construct);
            foreach (var state in _states) await state.LoadAsync(timeout.Token);
            if (GrainInstance is IGrainBase grain) await grain.OnActivateAsync(timeout.Token).WaitAsync(timeout.Token);
        }
        catch (Exception error)
        {
            Silo.Log.ActivationFailed(GrainId, error);
            await EndAsync(error);
            return;
        }

        bool unwanted, idle;
        lock (_gate)
        {
            _phase = ActivationPhase.Active;
            _lastUse = Silo.Clock.Now;
            StartWaiting();
            unwanted = _deactivation is not null;
            idle = !unwanted && _calls.RunningCount == 0;
            if (unwanted) _phase = ActivationPhase.Deactivating;
        }

        // Whoever asks for deactivation while activating never serves, and is not told of its end.
        if (unwanted) await EndAsync(null);
        else if (idle) _owner.OnIdle(this);
    }

    private void DeactivateWhenQuiet()
    {
        lock (_gate)
        {
            if (_phase != ActivationPhase.Active || _calls.RunningCount > 0) return;
            _phase = ActivationPhase.Deactivating;
        }

        _scheduler.Enqueue(new AsyncTurn(RunDeactivationAsync));
    }

    private async Task RunDeactivationAsync()
    {
        DisposeTimers();
        try
        {
            using var timeout = new CancellationTokenSource(Silo.Options.DeactivationTimeout, Silo.TimeProvider);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, _deactivationToken);
            if (GrainInstance is IGrainBase grain)
                await grain.OnDeactivateAsync(_deactivation!.Value, either.Token).WaitAsync(either.Token);
        }
        catch (Exception error)
        {
            Silo.Log.DeactivationFailed(GrainId, error);
        }

        await EndAsync(null);
    }

    private async Task EndAsync(Exception? activationError)
    {
        DisposeTimers();
        try
        {
            if (GrainInstance is IAsyncDisposable asynchronous) await asynchronous.DisposeAsync();
            else (GrainInstance as IDisposable)?.Dispose();
            if (_scope is { } scope) await scope.DisposeAsync();
        }
        catch (Exception error)
        {
            Silo.Log.DeactivationFailed(GrainId, error);
        }

        Bury(activationError);
    }

    /// <summary>Leaves the table; waiting calls fail with <paramref name="activationError"/>, or move on to the next activation.</summary>
    private void Bury(Exception? activationError = null)
    {
        List<GrainCall> waiting;
        lock (_gate)
        {
            _phase = ActivationPhase.Dead;
            waiting = _calls.TakeWaiting();
        }

        _owner.OnDead(this);
        _deactivated.TrySetResult();
        foreach (var call in waiting)
        {
            if (call.Method.Bound || call.IsSettled) continue;
            if (activationError is not null) call.Fail(activationError);
            else Silo.Dispatch(call, GrainId);
        }
    }

    private void DisposeTimers()
    {
        GrainTimer[] timers;
        lock (_gate) timers = [.. _timers];
        foreach (var timer in timers) timer.Dispose();
    }
}
