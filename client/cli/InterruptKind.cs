namespace Quiver.Cli;

/// <summary>Who asked the command to stop.</summary>
public enum InterruptKind
{
    /// <summary>Ctrl-C (SIGINT).</summary>
    Interrupt = 1,

    /// <summary>A supervisor (SIGTERM).</summary>
    Terminate = 2,
}
