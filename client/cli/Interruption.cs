using System.Runtime.InteropServices;

namespace Quiver.Cli;

/// <summary>The signal that asks a command to stop.</summary>
public enum InterruptKind
{
    /// <summary>Ctrl-C (SIGINT).</summary>
    Interrupt = 1,

    /// <summary>SIGTERM.</summary>
    Terminate = 2,
}

/// <summary>Stops a command in two steps: the first signal drains it, the second aborts it. Thread-safe.</summary>
public sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource _requested = new();
    private readonly CancellationTokenSource _forced = new();
    private int _kind;

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Requested => _requested.Token;

    /// <summary>Cancelled by the second signal.</summary>
    public CancellationToken Forced => _forced.Token;

    /// <summary>Whether the first signal has arrived.</summary>
    public bool IsRequested => _requested.IsCancellationRequested;

    /// <summary>The exit code of an interrupted command: 143 when the first signal was SIGTERM, otherwise 130.</summary>
    public int ExitCode => Volatile.Read(ref _kind) == (int)InterruptKind.Terminate ? ExitCodes.Terminated : ExitCodes.Interrupted;

    /// <summary>Reports a signal.</summary>
    /// <param name="kind">The signal.</param>
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

/// <summary>Reports SIGINT and SIGTERM of this process to an <see cref="Interruption"/>; the third signal gets the system's default action.</summary>
public sealed class ConsoleSignals : IDisposable
{
    private const int MaxHandled = 2;
    private readonly PosixSignalRegistration[] _registrations;
    private readonly Interruption _interruption;
    private int _count;

    /// <summary>Starts handling signals.</summary>
    /// <param name="interruption">Receives the signals; must outlive this object.</param>
    public ConsoleSignals(Interruption interruption)
    {
        _interruption = interruption;
        _registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGINT, context => Handle(context, InterruptKind.Interrupt)),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => Handle(context, InterruptKind.Terminate)),
        ];
    }

    /// <summary>Stops handling signals.</summary>
    public void Dispose()
    {
        foreach (var registration in _registrations)
        {
            registration.Dispose();
        }
    }

    private void Handle(PosixSignalContext context, InterruptKind kind)
    {
        if (Interlocked.Increment(ref _count) <= MaxHandled)
        {
            context.Cancel = true;
            _interruption.Signal(kind);
        }
    }
}
