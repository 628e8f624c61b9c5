using System.Runtime.InteropServices;

namespace Quiver.Cli;

/// <summary>Feeds SIGINT and SIGTERM of this process into an <see cref="Interruption"/>; the third signal gets the system's default.</summary>
public sealed class ConsoleSignals : IDisposable
{
    private const int Handled = 2;
    private readonly PosixSignalRegistration[] _registrations;
    private readonly Interruption _interruption;
    private int _count;

    /// <summary>Starts to listen.</summary>
    /// <param name="interruption">Told of each signal; it must outlive this object.</param>
    public ConsoleSignals(Interruption interruption)
    {
        _interruption = interruption;
        _registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGINT, context => Pass(context, InterruptKind.Interrupt)),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => Pass(context, InterruptKind.Terminate)),
        ];
    }

    /// <summary>Gives the signals back to the system.</summary>
    public void Dispose()
    {
        foreach (var registration in _registrations)
        {
            registration.Dispose();
        }
    }

    private void Pass(PosixSignalContext context, InterruptKind kind)
    {
        if (Interlocked.Increment(ref _count) > Handled)
        {
            return;
        }

        context.Cancel = true;
        _interruption.Signal(kind);
    }
}
