using Quiver.Client;

namespace Quiver.Cli.Sessions;

/// <summary>
/// One command's connection to Quiver: a silo in this process, a reader of the data directory, a client of a cluster, or a server. Disposing it
/// stops the silo or closes the connection.
/// </summary>
public interface IClientSession : IAsyncDisposable
{
    /// <summary>The tenant's client.</summary>
    IQuiverClient Client { get; }

    /// <summary>Whether another process runs the jobs, so that they continue after this command.</summary>
    bool RunsJobsElsewhere { get; }

    /// <summary>Where jobs run, for messages: "this process, data in DIR", "the server at URL" or "the cluster NAME".</summary>
    string Where { get; }

    /// <summary>
    /// Drains a silo in this process: starts no new batch, waits for the batches in flight and writes all checkpoints. The client still works afterwards.
    /// Does nothing with a server.
    /// </summary>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task DrainAsync(CancellationToken cancellationToken);
}

/// <summary>What a command needs from a session.</summary>
public sealed record SessionRequest
{
    /// <summary>The absolute path of the data directory, which need not exist; null only with <see cref="ServerUrl"/>.</summary>
    public string? DataDirectory { get; init; }

    /// <summary>The absolute http or https address of <c>--server</c>; null for the holder of the data directory.</summary>
    public Uri? ServerUrl { get; init; }

    /// <summary>The tenant of the client.</summary>
    public required TenantId Tenant { get; init; }

    /// <summary>
    /// Whether a silo in this process may run jobs. False for commands that only read or change durable state, which must not restart interrupted jobs.
    /// Default: false.
    /// </summary>
    public bool RunsJobs { get; init; }

    /// <summary>
    /// Whether the command only reads. Without a server it then reads the data directory directly: it starts no silo, writes nothing but embeddings of search
    /// queries in the cache, and works while another process holds the directory. Default: false.
    /// </summary>
    public bool OnlyReads { get; init; }

    /// <summary>Whether logs go to standard error. Default: false.</summary>
    public bool Verbose { get; init; }

    /// <summary>The command, as messages to other commands show it: <c>quiver jobs resume</c>. Default: <c>quiver</c>.</summary>
    public string Purpose { get; init; } = "quiver";
}

/// <summary>Opens sessions; implemented by the host.</summary>
public interface IClientSessionFactory
{
    /// <summary>
    /// Connects to <see cref="SessionRequest.ServerUrl"/>, else to the cluster of the settings or the server that holds the data directory. Without a
    /// server it starts a silo in this process, or with <see cref="SessionRequest.OnlyReads"/> a reader of the directory.
    /// </summary>
    /// <param name="request">What the command needs.</param>
    /// <param name="cancellationToken">Aborts.</param>
    /// <exception cref="ConflictException">
    /// With <see cref="ErrorCodes.DataDirectoryLocked"/>: another process holds the directory without serving it, and the command does not only read.
    /// </exception>
    /// <exception cref="TransientException">With <see cref="ErrorCodes.ServerUnavailable"/>.</exception>
    Task<IClientSession> OpenAsync(SessionRequest request, CancellationToken cancellationToken);
}
