namespace Quiver.Tests.Support;

/// <summary>Holds callers until a test opens it, and reports that one arrived.</summary>
internal sealed class Gate : IDisposable
{
    private readonly TaskCompletionSource<bool> _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when somebody came.</summary>
    public Task<bool> Reached => _reached.Task;

    public Task PassAsync(CancellationToken cancellationToken)
    {
        _reached.TrySetResult(true);
        return _open.Task.WaitAsync(cancellationToken);
    }

    public void Open() => _open.TrySetResult();

    /// <summary>Releases the waiting callers.</summary>
    public void Dispose() => Open();
}
