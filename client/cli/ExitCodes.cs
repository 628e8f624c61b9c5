namespace Quiver.Cli;

/// <summary>What <c>quiver</c> tells the shell. A released code never changes its meaning.</summary>
public static class ExitCodes
{
    /// <summary>Done.</summary>
    public const int Success = 0;

    /// <summary>The operation failed: a job ended Failed or Cancelled, a check failed, a collection is inconsistent, or a fault inside Quiver.</summary>
    public const int Failure = 1;

    /// <summary>The command line or the request is wrong as it stands.</summary>
    public const int Usage = 2;

    /// <summary>What the command names does not exist.</summary>
    public const int NotFound = 3;

    /// <summary>The request does not fit the present state: illegal transition, locked directory, collection in use, another model.</summary>
    public const int Conflict = 4;

    /// <summary>Done with something to look at: a job completed with warnings, or a collection was repaired.</summary>
    public const int Warnings = 5;

    /// <summary>Try again later: server out of reach, time-out, too many requests, or a job that paused itself because the store is full.</summary>
    public const int Unavailable = 6;

    /// <summary>Ctrl-C ended the command before its work was done.</summary>
    public const int Interrupted = 130;

    /// <summary>SIGTERM ended the command before its work was done.</summary>
    public const int Terminated = 143;

    /// <summary>The code for an error.</summary>
    /// <param name="error">What went wrong.</param>
    public static int For(Exception error) => error switch
    {
        InvalidRequestException => Usage,
        NotFoundException => NotFound,
        ConflictException => Conflict,
        QuiverException { Kind: FaultKind.Transient or FaultKind.Throttled } => Unavailable,
        _ => Failure,
    };

    /// <summary>The code for how a job ended.</summary>
    /// <param name="state">A final state.</param>
    public static int For(JobState state) => state switch
    {
        JobState.Completed => Success,
        JobState.CompletedWithWarnings => Warnings,
        _ => Failure,
    };
}
