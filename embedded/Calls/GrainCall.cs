using System.Diagnostics;
using Quiver.Embedded.Activations;
using Quiver.Embedded.Scheduling;

namespace Quiver.Embedded.Calls;

/// <summary>
/// One call on its way: arguments, the caller's pending task, deadline and cancellation. Generated proxies derive one class per method.
/// Whoever settles it first, the callee, the deadline or the caller's token, decides what the caller sees.
/// </summary>
public abstract class GrainCall : ITurn
{
    private readonly CancellationToken _callerToken;
    private CancellationTokenRegistration _registration;
    private Action? _cancelCallee;

    /// <summary>Makes a call.</summary>
    /// <param name="method">Its method.</param>
    /// <param name="callerToken">The caller's token; none when the method takes none.</param>
    private protected GrainCall(CallMethod method, CancellationToken callerToken)
    {
        Method = method;
        _callerToken = callerToken;
        Activity = Activity.Current;
    }

    /// <summary>The token that the callee sees: it fires in the callee's turn.</summary>
    protected CancellationToken Token { get; private set; }

    internal CallMethod Method { get; }

    internal Activity? Activity { get; }

    /// <summary>The activation that calls; null when the caller is no grain.</summary>
    internal Activation? Caller { get; set; }

    /// <summary>Where it runs or waits; set under the activation's lock.</summary>
    internal Activation? Callee { get; set; }

    /// <summary>Ticks of <see cref="CoarseClock"/> at which the caller gives up.</summary>
    internal long Deadline { get; set; } = long.MaxValue;

    /// <summary>Its place among the running calls; kept by <see cref="CallQueue"/>.</summary>
    internal int RunningIndex { get; set; }

    internal bool IsSettled => Outcome.IsCompleted;

    /// <summary>What the caller awaits.</summary>
    private protected abstract Task Outcome { get; }

    void ITurn.Execute()
    {
        if (_callerToken.CanBeCanceled)
        {
            var callee = new CancellationTokenSource();
            Token = callee.Token;
            Interlocked.Exchange(ref _cancelCallee, callee.Cancel);
        }

        if (IsSettled) Callee!.Finish(this, null);
        else _ = RunAsync();
    }

    internal void Fail(Exception error)
    {
        if (error is OperationCanceledException cancelled ? TrySetCanceled(cancelled.CancellationToken) : TrySetException(error)) OnSettled();
    }

    /// <summary>Begins to listen to the caller's token.</summary>
    /// <returns>False when it is cancelled already: nothing is to be sent.</returns>
    internal bool TryListen()
    {
        if (!_callerToken.CanBeCanceled) return true;
        if (_callerToken.IsCancellationRequested)
        {
            TrySetCanceled(_callerToken);
            return false;
        }

        _registration = _callerToken.UnsafeRegister(static self => ((GrainCall)self!).OnCallerCancelled(), this);
        return true;
    }

    /// <summary>Calls the grain.</summary>
    /// <param name="grain">The grain object.</param>
    protected abstract Task InvokeAsync(object grain);

    private protected abstract bool TrySetException(Exception error);

    private protected abstract bool TrySetCanceled(CancellationToken token);

    private protected abstract bool TrySetFrom(Task task);

    private async Task RunAsync()
    {
        if (!ReferenceEquals(Activity.Current, Activity)) Activity.Current = Activity;
        Task task;
        try
        {
            task = InvokeAsync(Callee!.GrainInstance!);
        }
        catch (Exception error)
        {
            Callee!.Finish(this, error);
            Fail(error);
            return;
        }

        if (!task.IsCompleted) await task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        // The turn ends before the caller learns of it, so that its next call finds the grain free, or a fresh one after a conflict.
        Callee!.Finish(this, task.Exception?.InnerException);
        if (TrySetFrom(task)) OnSettled();
    }

    private void OnSettled()
    {
        _registration.Unregister();
        // Nobody awaits a one-way call: its failure is marked as seen here, and logged by the activation.
        if (Method.OneWay) _ = Outcome.Exception;
    }

    private void OnCallerCancelled()
    {
        TrySetCanceled(_callerToken);
        if (Volatile.Read(ref _cancelCallee) is { } cancel) Callee!.RunTurn(cancel);
    }
}
