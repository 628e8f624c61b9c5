namespace Quiver.Cli.Sessions;

/// <summary>Runs the server in this process; implemented by the host.</summary>
public interface IServeHost
{
    /// <summary>Serves until cancelled, then drains: starts no new batch, waits for the batches in flight within a time limit, writes checkpoints.</summary>
    /// <param name="request">Data directory and addresses.</param>
    /// <param name="cancellationToken">Starts the drain; the task then ends without an error.</param>
    /// <exception cref="ConflictException">With <see cref="ErrorCodes.DataDirectoryLocked"/>.</exception>
    Task RunAsync(ServeRequest request, CancellationToken cancellationToken);
}

/// <summary>How to serve.</summary>
public sealed record ServeRequest
{
    /// <summary>The absolute path of the data directory; created when it does not exist.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>The http or https addresses to listen on; empty for those of the settings.</summary>
    public required ImmutableArray<string> Urls { get; init; }

    /// <summary>Whether logs are verbose. Default: false.</summary>
    public bool Verbose { get; init; }

    /// <summary>Called once when the server answers requests, with its real addresses (port 0 replaced).</summary>
    public required Action<ImmutableArray<string>> Started { get; init; }
}
