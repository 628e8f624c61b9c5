namespace Quiver.Cli.Sessions;

/// <summary>What a command needs of a session.</summary>
public sealed record SessionRequest
{
    /// <summary>The data directory, absolute, not necessarily there yet; null only with <see cref="ServerUrl"/>.</summary>
    public string? DataDirectory { get; init; }

    /// <summary>The server named by <c>--server</c>, absolute http or https; null finds the holder of the data directory.</summary>
    public Uri? ServerUrl { get; init; }

    /// <summary>Whose jobs and collections.</summary>
    public required TenantId Tenant { get; init; }

    /// <summary>
    /// Whether a silo in this process may run jobs. False for commands that read or that only change durable state: they must not wake
    /// jobs that were interrupted.
    /// </summary>
    public bool RunsJobs { get; init; }

    /// <summary>
    /// Whether the command only reads: without a server it then reads the data directory as it is, starts no silo, writes nothing and does not mind another
    /// process that holds it. Default: false.
    /// </summary>
    public bool OnlyReads { get; init; }

    /// <summary>Whether logs go to standard error. Default: false.</summary>
    public bool Verbose { get; init; }
}
