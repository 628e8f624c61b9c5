namespace Quiver.Client.Cli.Sessions;

/// <summary>Finds out who holds the data and opens a session with it. Implemented by the host.</summary>
public interface IClientSessionFactory
{
    /// <summary>
    /// With <see cref="SessionRequest.ServerUrl"/>: that server. Otherwise the server that holds the data directory, and where nobody
    /// holds it, a silo in this process.
    /// </summary>
    /// <param name="request">What the command needs.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ConflictException">With <see cref="ErrorCodes.DataDirectoryLocked"/>: another process holds the directory and serves nobody.</exception>
    /// <exception cref="TransientException">With <see cref="ErrorCodes.ServerUnavailable"/>.</exception>
    Task<IClientSession> OpenAsync(SessionRequest request, CancellationToken cancellationToken);
}
