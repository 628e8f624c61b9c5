namespace Quiver.Core.Jobs;

/// <summary>
/// Stops a run. A drain starts no new batches and ends waits; batches in flight finish. An abort also stops the batches in flight; it implies a drain.
/// </summary>
internal sealed class RunStop : IDisposable
{
    private readonly CancellationTokenSource _drain;
    private readonly CancellationTokenSource _abort;

    public RunStop(CancellationToken drain = default, CancellationToken abort = default)
    {
        _drain = CancellationTokenSource.CreateLinkedTokenSource(drain, abort);
        _abort = CancellationTokenSource.CreateLinkedTokenSource(abort);
        Draining = _drain.Token;
        Aborting = _abort.Token;
    }

    /// <summary>Creates a stop for a part of a run: it follows the run's stop and can be used on its own.</summary>
    public RunStop(RunStop run)
        : this(run.Draining, run.Aborting)
    {
    }

    /// <summary>Cancelled by a drain or an abort.</summary>
    public CancellationToken Draining { get; }

    /// <summary>Cancelled by an abort.</summary>
    public CancellationToken Aborting { get; }

    public bool IsDraining => Draining.IsCancellationRequested;

    public bool IsAborting => Aborting.IsCancellationRequested;

    public void Drain() => _drain.Cancel();

    public void Abort()
    {
        _drain.Cancel();
        _abort.Cancel();
    }

    /// <summary>Drains without running the continuations of waits in the caller.</summary>
    public Task DrainAsync() => _drain.CancelAsync();

    /// <summary>Aborts without running the continuations of waits in the caller.</summary>
    public async Task AbortAsync()
    {
        await _drain.CancelAsync();
        await _abort.CancelAsync();
    }

    public void Dispose()
    {
        _drain.Dispose();
        _abort.Dispose();
    }
}
