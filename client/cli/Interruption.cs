namespace Quiver.Cli;

/// <summary>
/// Turns signals into two steps: the first asks the command to stop in good order, the second makes it leave at once. Thread-safe.
/// </summary>
public sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource _requested = new();
    private readonly CancellationTokenSource _forced = new();
    private int _kind;

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Requested => _requested.Token;

    /// <summary>Cancelled by the second signal.</summary>
    public CancellationToken Forced => _forced.Token;

    /// <summary>True after the first signal.</summary>
    public bool IsRequested => _requested.IsCancellationRequested;

    /// <summary>The exit code of an interrupted command: 143 when the first signal was SIGTERM, otherwise 130.</summary>
    public int ExitCode => Volatile.Read(ref _kind) == (int)InterruptKind.Terminate ? ExitCodes.Terminated : ExitCodes.Interrupted;

    /// <summary>Reports a signal.</summary>
    /// <param name="kind">Which.</param>
    public void Signal(InterruptKind kind)
    {
        if (Interlocked.CompareExchange(ref _kind, (int)kind, 0) == 0)
        {
            _requested.Cancel();
        }
        else
        {
            _forced.Cancel();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _requested.Dispose();
        _forced.Dispose();
    }
}
