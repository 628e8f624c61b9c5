namespace Quiver.Cli.Serving;

/// <summary>Runs the server in this process. Implemented by the host.</summary>
public interface IServeHost
{
    /// <summary>Serves until cancelled, then drains: no new batches, those in flight finish within a bounded time, checkpoint.</summary>
    /// <param name="request">How to serve.</param>
    /// <param name="cancellationToken">Asks for the drain; the task then ends without an error.</param>
    /// <exception cref="ConflictException">With <see cref="ErrorCodes.DataDirectoryLocked"/>.</exception>
    Task RunAsync(ServeRequest request, CancellationToken cancellationToken);
}
