using Orleans.Runtime;
using Quiver.Embedded.Activations;
using Quiver.Embedded.Calls;
using Quiver.Embedded.Hosting;

namespace Quiver.Embedded.Timers;

/// <summary>A timer of an activation: armed for one tick at a time, so that ticks never overlap.</summary>
internal sealed class GrainTimer : IGrainTimer
{
    private readonly Activation _activation;
    private readonly Func<CancellationToken, Task> _callback;
    private readonly CallMethod _method;
    private readonly CancellationTokenSource _disposal = new();
    private readonly CancellationToken _disposed;
    private readonly ITimer _timer;
    private TimeSpan _due;
    private TimeSpan _period;
    private TimeSpan? _changedDue;
    private bool _ticking;

    internal GrainTimer(Activation activation, Func<CancellationToken, Task> callback, GrainTimerCreationOptions options)
    {
        Validate(options.DueTime, options.Period);
        _activation = activation;
        _callback = callback;
        _disposed = _disposal.Token;
        _due = options.DueTime;
        _period = options.Period;
        _method = new(
            "timer tick",
            CallKinds.Bound | CallKinds.Unbounded
                | (options.Interleave ? CallKinds.AlwaysInterleave : CallKinds.None)
                | (options.KeepAlive ? CallKinds.None : CallKinds.Idle));
        _timer = activation.Silo.CreateTimer(static self => ((GrainTimer)self!).OnDue(), this);
    }

    public void Change(TimeSpan dueTime, TimeSpan period)
    {
        Validate(dueTime, period);
        ObjectDisposedException.ThrowIf(_disposed.IsCancellationRequested, this);
        _period = period;
        if (_ticking) _changedDue = dueTime;
        else _timer.Change(_due = dueTime, Timeout.InfiniteTimeSpan);
    }

    public void Dispose()
    {
        if (_disposed.IsCancellationRequested) return;
        _disposal.Cancel();
        _disposal.Dispose();
        _timer.Dispose();
        _activation.Forget(this);
    }

    internal void Start() => _timer.Change(_due, Timeout.InfiniteTimeSpan);

    internal async Task TickAsync()
    {
        if (_disposed.IsCancellationRequested) return;
        _ticking = true;
        _changedDue = null;
        try
        {
            await _callback(_disposed);
        }
        catch (Exception error)
        {
            if (!_disposed.IsCancellationRequested) _activation.Silo.Log.TimerFailed(_activation.GrainId, error);
        }

        _ticking = false;
        if (!_disposed.IsCancellationRequested) _timer.Change(_changedDue ?? _period, Timeout.InfiniteTimeSpan);
    }

    private static void Validate(TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime != Timeout.InfiniteTimeSpan) ArgumentOutOfRangeException.ThrowIfLessThan(dueTime, TimeSpan.Zero);
        if (period != Timeout.InfiniteTimeSpan) ArgumentOutOfRangeException.ThrowIfLessThan(period, TimeSpan.Zero);
    }

    private void OnDue() => _activation.TryPost(new TimerTick(this, _method));
}
