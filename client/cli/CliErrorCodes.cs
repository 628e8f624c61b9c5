namespace Quiver.Cli;

/// <summary>Error codes that only the command line gives; the others are in <see cref="ErrorCodes"/>.</summary>
public static class CliErrorCodes
{
    /// <summary>The command line cannot be understood.</summary>
    public const string InvalidUsage = "invalid_usage";

    /// <summary>Ctrl-C or SIGTERM ended the command.</summary>
    public const string Interrupted = "interrupted";

    /// <summary>The option needs a server, and there is none.</summary>
    public const string ServerRequired = "server_required";

    /// <summary>Nobody is there to say yes.</summary>
    public const string ConfirmationRequired = "confirmation_required";

    /// <summary>The job is not final and nobody works on it.</summary>
    public const string JobNotRunning = "job_not_running";

    /// <summary>The events of a job ended before the job did.</summary>
    public const string EventsEnded = "events_ended";

    /// <summary>The build lacks the documents of the demo.</summary>
    public const string DemoNotFound = "demo_not_found";
}
