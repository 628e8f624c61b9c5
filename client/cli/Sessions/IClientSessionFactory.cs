namespace Quiver.Cli.Sessions;

/// <summary>Finds out who holds the data and opens a session with it. Implemented by the host.</summary>
public interface IClientSessionFactory
{
    /// <summary>
    /// With <see cref="SessionRequest.ServerUrl"/>: that server. Otherwise the server that holds the data directory, and where no server
    /// holds it, what the command needs: a silo in this process, or with <see cref="SessionRequest.OnlyReads"/> a reader of the directory.
    /// </summary>
    /// <param name="request">What the command needs.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ConflictException">With <see cref="ErrorCodes.DataDirectoryLocked"/>: another process holds the directory without serving it, and the command does not only read.</exception>
    /// <exception cref="TransientException">With <see cref="ErrorCodes.ServerUnavailable"/>.</exception>
    Task<IClientSession> OpenAsync(SessionRequest request, CancellationToken cancellationToken);
}
