namespace Quiver.Cli;

/// <summary>The exit codes of <c>quiver</c>. A released code never changes its meaning.</summary>
public static class ExitCodes
{
    /// <summary>The command succeeded.</summary>
    public const int Success = 0;

    /// <summary>The operation failed: a job ended failed or cancelled, a check failed, a collection is inconsistent, or an internal error.</summary>
    public const int Failure = 1;

    /// <summary>The command line or the request is invalid.</summary>
    public const int Usage = 2;

    /// <summary>Something that the command names does not exist.</summary>
    public const int NotFound = 3;

    /// <summary>The request conflicts with the current state: illegal transition, locked directory, collection in use, different model.</summary>
    public const int Conflict = 4;

    /// <summary>The command succeeded with warnings: a job completed with warnings, or a collection was repaired.</summary>
    public const int Warnings = 5;

    /// <summary>
    /// Try again later: server unavailable, timeout, too many requests, or a job that paused itself because a store is full or a quota is used up.
    /// </summary>
    public const int Unavailable = 6;

    /// <summary>Ctrl-C ended the command before its work was done.</summary>
    public const int Interrupted = 130;

    /// <summary>SIGTERM ended the command before its work was done.</summary>
    public const int Terminated = 143;

    /// <summary>The exit code of an exception.</summary>
    /// <param name="exception">The exception.</param>
    public static int For(Exception exception) => exception switch
    {
        InvalidRequestException => Usage,
        NotFoundException => NotFound,
        ConflictException => Conflict,
        QuiverException { Kind: FaultKind.Transient or FaultKind.Throttled } => Unavailable,
        _ => Failure,
    };

    /// <summary>The exit code of a job's final state.</summary>
    /// <param name="state">A final state.</param>
    public static int For(JobState state) => state switch
    {
        JobState.Completed => Success,
        JobState.CompletedWithWarnings => Warnings,
        _ => Failure,
    };
}

/// <summary>Error codes of the command line itself; all others are in <see cref="ErrorCodes"/>.</summary>
public static class CliErrorCodes
{
    /// <summary>The command line cannot be parsed.</summary>
    public const string InvalidUsage = "invalid_usage";

    /// <summary>Ctrl-C or SIGTERM ended the command.</summary>
    public const string Interrupted = "interrupted";

    /// <summary>The option needs a server, and none is running.</summary>
    public const string ServerRequired = "server_required";

    /// <summary>The command needs a confirmation, and there is no terminal to ask on.</summary>
    public const string ConfirmationRequired = "confirmation_required";

    /// <summary>The job is not final, and no process is running it.</summary>
    public const string JobNotRunning = "job_not_running";

    /// <summary>The event stream of a job ended before the job.</summary>
    public const string EventsEnded = "events_ended";

    /// <summary>The build does not contain the documents of the demo.</summary>
    public const string DemoNotFound = "demo_not_found";
}
